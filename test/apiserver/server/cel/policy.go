package main

import (
	"context"
	"math"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/apiserver/pkg/admission/plugin/cel"
	"k8s.io/apiserver/pkg/admission/plugin/policy/validating"
	"k8s.io/apiserver/pkg/admission/plugin/webhook/matchconditions"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/authorization/authorizer"
	"k8s.io/apiserver/pkg/cel/environment"
)

// Request is what a policy judges. Whoever asks has no rights.
type Request struct {
	Operation       admission.Operation         `json:"operation"`
	Resource        schema.GroupVersionResource `json:"resource"`
	Object          map[string]any              `json:"object"`
	OldObject       map[string]any              `json:"oldObject"`
	NamespaceObject *corev1.Namespace           `json:"namespaceObject"`
}

// Judged is one expression of a policy: a condition, a validation, or the message of one.
type Judged struct {
	Expression string `json:"expression"`
	// Holds says whether it came to true.
	Holds bool `json:"holds,omitempty"`
	// Failed says why it came to nothing.
	Failed string `json:"failed,omitempty"`
	// Cost is that of the expression and of all variables that it uses.
	Cost int64 `json:"cost"`
}

// part is some of a policy's expressions, with what they see besides the request.
type part struct {
	expressions []cel.ExpressionAccessor
	options     cel.OptionalVariableDeclarations
	namespace   *corev1.Namespace
}

// judge evaluates each expression of a policy by itself, as the admission plugin does.
func judge(policy admissionv1.ValidatingAdmissionPolicySpec, request Request) ([]Judged, error) {
	compiler, err := cel.NewCompositedCompiler(environment.MustBaseEnvSet(environment.DefaultCompatibilityVersion()))
	if err != nil {
		return nil, err
	}
	withAuthorizer := cel.OptionalVariableDeclarations{HasAuthorizer: true}
	for _, one := range policy.Variables {
		variable := &validating.Variable{Name: one.Name, Expression: one.Expression}
		if result := compiler.CompileAndStoreVariable(variable, withAuthorizer, environment.NewExpressions); result.Error != nil {
			return nil, result.Error
		}
	}
	conditions := part{options: withAuthorizer}
	for _, one := range policy.MatchConditions {
		conditions.expressions = append(conditions.expressions, (*matchconditions.MatchCondition)(&one))
	}
	validations := part{options: withAuthorizer, namespace: request.NamespaceObject}
	messages := part{namespace: request.NamespaceObject}
	for _, one := range policy.Validations {
		validations.expressions = append(validations.expressions, &validating.ValidationCondition{Expression: one.Expression})
		if one.MessageExpression != "" {
			message := &validating.MessageExpressionCondition{MessageExpression: one.MessageExpression}
			messages.expressions = append(messages.expressions, message)
		}
	}
	var all []Judged
	for _, some := range []part{conditions, validations, messages} {
		for _, expression := range some.expressions {
			if result := compiler.CompileCELExpression(expression, some.options, environment.NewExpressions); result.Error != nil {
				return nil, result.Error
			}
			alone := compiler.CompileCondition([]cel.ExpressionAccessor{expression}, some.options, environment.NewExpressions)
			judged, err := evaluate(alone, some, request)
			if err != nil {
				return nil, err
			}
			judged.Expression = expression.GetExpression()
			all = append(all, judged)
		}
	}
	return all, nil
}

func evaluate(expression cel.ConditionEvaluator, of part, request Request) (Judged, error) {
	var bindings cel.OptionalVariableBindings
	if of.options.HasAuthorizer {
		bindings.Authorizer = authorizer.AuthorizerFunc(func(context.Context, authorizer.Attributes) (authorizer.Decision, string, error) {
			return authorizer.DecisionNoOpinion, "", nil
		})
	}
	attributes := request.attributes()
	asked := cel.CreateAdmissionRequest(attributes, metav1.GroupVersionResource(request.Resource), metav1.GroupVersionKind(attributes.VersionedKind))
	results, left, err := expression.ForInput(context.Background(), attributes, asked, bindings, of.namespace, math.MaxInt64)
	if err != nil {
		return Judged{}, err
	}
	judged := Judged{Cost: math.MaxInt64 - left}
	if results[0].Error != nil {
		judged.Failed = results[0].Error.Error()
	} else {
		judged.Holds = results[0].EvalResult.Value() == true
	}
	return judged, nil
}

func (request Request) attributes() *admission.VersionedAttributes {
	var attributes admission.VersionedAttributes
	var one *unstructured.Unstructured
	if request.OldObject != nil {
		one = &unstructured.Unstructured{Object: withIntegers(request.OldObject).(map[string]any)}
		attributes.VersionedOldObject = one
	}
	if request.Object != nil {
		one = &unstructured.Unstructured{Object: withIntegers(request.Object).(map[string]any)}
		attributes.VersionedObject = one
	}
	attributes.VersionedKind = one.GroupVersionKind()
	attributes.Attributes = admission.NewAttributesRecord(
		attributes.VersionedObject, attributes.VersionedOldObject, attributes.VersionedKind, one.GetNamespace(), one.GetName(),
		request.Resource, "", request.Operation, nil, false, &user.DefaultInfo{Name: "somebody"},
	)
	return &attributes
}
