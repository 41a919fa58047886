// Package lines answers questions that come on standard input as JSON, one on a line, each by a line of JSON.
package lines

import (
	"bufio"
	"encoding/json"
	"os"
)

// Answer answers all questions, in their order. Numbers in them are kept as they are written.
func Answer[Question, Reply any](answer func(Question) Reply) error {
	decoder := json.NewDecoder(bufio.NewReader(os.Stdin))
	decoder.UseNumber()
	out := bufio.NewWriter(os.Stdout)
	encoder := json.NewEncoder(out)
	for decoder.More() {
		var question Question
		if err := decoder.Decode(&question); err != nil {
			return err
		}
		if err := encoder.Encode(answer(question)); err != nil {
			return err
		}
	}
	return out.Flush()
}
