// Command cel reads expressions of CEL and evaluates them, alone or in a policy, as the API server does, with its own
// libraries.
//
//	cel < QUESTIONS > ANSWERS
//
// Each line is one question, and one answer: JSON, see Question and Answer.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"eso-abac/test/apiserver/server/lines"
	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common"
	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/parser"
	admissionv1 "k8s.io/api/admissionregistration/v1"
	"k8s.io/apimachinery/pkg/util/version"
	"k8s.io/apiserver/pkg/cel/environment"
)

// Question is an expression and what it sees, or a policy and a request. Without Variables an expression is read alone.
type Question struct {
	Text      string                                     `json:"text"`
	Variables map[string]any                             `json:"variables"`
	Policy    *admissionv1.ValidatingAdmissionPolicySpec `json:"policy"`
	Request   Request                                    `json:"request"`
}

// Answer is what became of it.
type Answer struct {
	// Read is the expression as it was read, with brackets around each operator and its operands.
	Read string `json:"read,omitempty"`
	// Refused says why a policy with this expression cannot be made.
	Refused string `json:"refused,omitempty"`
	// Failed says why there is no value.
	Failed string `json:"failed,omitempty"`
	// Value is a truth or a text; of anything else its type.
	Value any `json:"value,omitempty"`
	// Judged are the expressions of a policy.
	Judged []Judged `json:"judged,omitempty"`
}

func main() {
	if err := answerAll(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func answerAll() error {
	env, err := environmentOfPolicies()
	if err != nil {
		return err
	}
	reader, err := parser.NewParser(parser.EnableOptionalSyntax(true))
	if err != nil {
		return err
	}
	return lines.Answer(func(question Question) Answer {
		if question.Policy == nil {
			return answer(question, env, reader)
		}
		judged, err := judge(*question.Policy, question.Request)
		if err != nil {
			return Answer{Refused: err.Error()}
		}
		return Answer{Judged: judged}
	})
}

// environmentOfPolicies is that of a ValidatingAdmissionPolicy, but for the types of request and namespaceObject.
func environmentOfPolicies() (*cel.Env, error) {
	var variables []cel.EnvOption
	for _, name := range []string{"object", "oldObject", "request", "namespaceObject", "variables", "params"} {
		variables = append(variables, cel.Variable(name, cel.DynType))
	}
	set, err := environment.MustBaseEnvSet(environment.DefaultCompatibilityVersion()).Extend(environment.VersionedOptions{
		IntroducedVersion: version.MajorMinor(1, 0),
		EnvOptions:        variables,
	})
	if err != nil {
		return nil, err
	}
	return set.NewExpressionsEnv(), nil
}

func answer(question Question, env *cel.Env, reader *parser.Parser) Answer {
	parsed, problems := reader.Parse(common.NewTextSource(question.Text))
	if len(problems.GetErrors()) > 0 {
		return Answer{Refused: problems.GetErrors()[0].Message}
	}
	read := written(parsed.Expr())
	if question.Variables == nil {
		return Answer{Read: read}
	}
	checked, issues := env.Compile(question.Text)
	if issues.Err() != nil {
		return Answer{Read: read, Refused: issues.Err().Error()}
	}
	program, err := env.Program(checked)
	if err != nil {
		return Answer{Read: read, Refused: err.Error()}
	}
	value, _, err := program.Eval(withIntegers(question.Variables))
	if err != nil {
		return Answer{Read: read, Failed: err.Error()}
	}
	switch value.(type) {
	case types.Bool, types.String:
		return Answer{Read: read, Value: value.Value()}
	default:
		return Answer{Read: read, Value: map[string]string{"type": value.Type().TypeName()}}
	}
}

// withIntegers makes the numbers what they are in objects of the API server.
func withIntegers(value any) any {
	switch value := value.(type) {
	case json.Number:
		if whole, err := value.Int64(); err == nil {
			return whole
		}
		broken, _ := value.Float64()
		return broken
	case []any:
		for index := range value {
			value[index] = withIntegers(value[index])
		}
	case map[string]any:
		for key := range value {
			value[key] = withIntegers(value[key])
		}
	}
	return value
}

// written is an expression as text. What is joined by one and the same && or || stands side by side, whatever brackets
// there were: cel-go keeps them in a tree that is as flat as can be.
func written(expression ast.Expr) string {
	switch expression.Kind() {
	case ast.LiteralKind:
		return literal(expression)
	case ast.IdentKind:
		return expression.AsIdent()
	case ast.SelectKind:
		return bracketed(".", written(expression.AsSelect().Operand()), expression.AsSelect().FieldName())
	case ast.CallKind:
		call := expression.AsCall()
		name, operands := call.FunctionName(), call.Args()
		if call.IsMemberFunction() {
			name, operands = "."+name, append([]ast.Expr{call.Target()}, operands...)
		}
		return bracketed(name, joinedAlike(name, operands)...)
	case ast.ListKind:
		var items []string
		for _, item := range expression.AsList().Elements() {
			items = append(items, written(item))
		}
		return bracketed("list", items...)
	case ast.MapKind:
		var entries []string
		for _, entry := range expression.AsMap().Entries() {
			entries = append(entries, written(entry.AsMapEntry().Key()), written(entry.AsMapEntry().Value()))
		}
		return bracketed("map", entries...)
	default:
		return "something else"
	}
}

func joinedAlike(name string, operands []ast.Expr) []string {
	var all []string
	for _, operand := range operands {
		isAlike := (name == "_||_" || name == "_&&_") && operand.Kind() == ast.CallKind && operand.AsCall().FunctionName() == name
		if isAlike {
			all = append(all, joinedAlike(name, operand.AsCall().Args())...)
		} else {
			all = append(all, written(operand))
		}
	}
	return all
}

func bracketed(name string, operands ...string) string {
	return "(" + strings.Join(append([]string{name}, operands...), " ") + ")"
}

func literal(expression ast.Expr) string {
	switch value := expression.AsLiteral().(type) {
	case types.String:
		text, _ := json.Marshal(string(value))
		return string(text)
	case types.Bytes:
		return fmt.Sprintf("bytes %v", []byte(value))
	case types.Uint:
		return fmt.Sprintf("%du", uint64(value))
	case types.Int:
		return fmt.Sprintf("%d", int64(value))
	case types.Double:
		return fmt.Sprintf("double %v", float64(value))
	case types.Bool:
		return fmt.Sprintf("%t", bool(value))
	default:
		return "null"
	}
}
