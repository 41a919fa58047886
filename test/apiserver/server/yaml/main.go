// Command yaml reads texts as Kubernetes reads files of manifests.
//
//	yaml < TEXTS > ANSWERS
//
// Each line is a text, as JSON, and the answer to it, see Answer.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"eso-abac/test/apiserver/server/lines"
	apimachinery "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"
)

// Answer is what a text was read as.
type Answer struct {
	// Documents are those that hold something.
	Documents []json.RawMessage `json:"documents"`
	// Refused says why it was not read.
	Refused string `json:"refused,omitempty"`
}

func main() {
	if err := lines.Answer(func(text string) Answer { return answer([]byte(text)) }); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// answer reads a text twice: documents one by one, as Argo CD does, and as kubectl and Flux do.
func answer(text []byte) Answer {
	oneByOne, err := documents(oneByOneFrom(text))
	if err != nil {
		return Answer{Documents: []json.RawMessage{}, Refused: err.Error()}
	}
	decoded, err := documents(decodedFrom(text))
	if err != nil {
		return Answer{Documents: []json.RawMessage{}, Refused: err.Error()}
	}
	if !bytes.Equal(bytes.Join(oneByOne, nil), bytes.Join(decoded, nil)) {
		return Answer{Documents: []json.RawMessage{}, Refused: "it is read in two ways"}
	}
	answer := Answer{Documents: []json.RawMessage{}}
	for _, document := range oneByOne {
		answer.Documents = append(answer.Documents, document)
	}
	return answer
}

func documents(next func() ([]byte, error)) ([][]byte, error) {
	var all [][]byte
	for {
		document, err := next()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		if len(document) > 0 && string(document) != "null" {
			all = append(all, document)
		}
	}
}

func oneByOneFrom(text []byte) func() ([]byte, error) {
	reader := apimachinery.NewYAMLReader(bufio.NewReader(bytes.NewReader(text)))
	return func() ([]byte, error) {
		document, err := reader.Read()
		if err != nil {
			return nil, err
		}
		return yaml.YAMLToJSON(document)
	}
}

func decodedFrom(text []byte) func() ([]byte, error) {
	decoder := apimachinery.NewYAMLOrJSONDecoder(bytes.NewReader(text), 4096)
	return func() ([]byte, error) {
		var document json.RawMessage
		err := decoder.Decode(&document)
		return document, err
	}
}
