// Command guard says what the API server makes of admission policies and rights, with its own libraries.
//
//	guard < QUESTIONS > ANSWERS
//
// Each line is one question, and one answer: JSON, see Question and Answer.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"eso-abac/test/apiserver/server/lines"
)

// Question is what is asked of a cluster.
type Question struct {
	// Objects are all that there are: policies, roles and bindings of both.
	Objects []json.RawMessage `json:"objects"`
	// Requests may be about objects that policies look at.
	Requests []Request `json:"requests"`
	Rights   []Right   `json:"rights"`
}

// Answer is what the cluster makes of it.
type Answer struct {
	// Refused says why an object cannot be made; empty for each that can.
	Refused []string `json:"refused"`
	// Matched says of each request whether a policy with a binding that denies is about it.
	Matched []bool `json:"matched"`
	// Allowed says of each right whether the user has it.
	Allowed []bool `json:"allowed"`
}

func main() {
	if err := lines.Answer(answer); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func answer(question Question) Answer {
	made := cluster{}
	answer := Answer{Refused: []string{}, Matched: []bool{}, Allowed: []bool{}}
	for _, object := range question.Objects {
		refused := ""
		if err := made.add(object); err != nil {
			refused = err.Error()
		}
		answer.Refused = append(answer.Refused, refused)
	}
	for _, request := range question.Requests {
		answer.Matched = append(answer.Matched, made.matches(request))
	}
	for _, right := range question.Rights {
		answer.Allowed = append(answer.Allowed, made.allows(right))
	}
	return answer
}
