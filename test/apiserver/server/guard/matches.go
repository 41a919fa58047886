package main

import (
	"slices"

	admissionregistration "k8s.io/api/admissionregistration/v1"
	core "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/apiserver/pkg/admission/plugin/policy/generic"
	"k8s.io/apiserver/pkg/admission/plugin/policy/matching"
	"k8s.io/apiserver/pkg/admission/plugin/policy/validating"
	listers "k8s.io/client-go/listers/core/v1"
	"k8s.io/client-go/tools/cache"
)

// Request is what admission knows of one.
type Request struct {
	Operation   admission.Operation `json:"operation"`
	Group       string              `json:"group"`
	Version     string              `json:"version"`
	Kind        string              `json:"kind"`
	Resource    string              `json:"resource"`
	Subresource string              `json:"subresource"`
	Name        string              `json:"name"`
	Namespace   string              `json:"namespace"`
	Object      map[string]any      `json:"object"`
	OldObject   map[string]any      `json:"oldObject"`
	// NamespaceLabels are those of the namespace as it is before the request.
	NamespaceLabels map[string]string `json:"namespaceLabels"`
	// Served are all versions in which the resource is served.
	Served []string `json:"served"`
}

// matches says whether a policy is about a request, and a binding by which it denies.
func (made *cluster) matches(request Request) bool {
	matcher := matcherWith(request)
	attributes, versions := request.attributes(), request.interfaces()
	return slices.ContainsFunc(made.policies, func(policy *admissionregistration.ValidatingAdmissionPolicy) bool {
		is, _, _, err := matcher.DefinitionMatches(attributes, versions, validating.NewValidatingAdmissionPolicyAccessor(policy))
		return err == nil && is && slices.ContainsFunc(made.policyBindings, func(binding *admissionregistration.ValidatingAdmissionPolicyBinding) bool {
			if binding.Spec.PolicyName != policy.Name || !slices.Contains(binding.Spec.ValidationActions, admissionregistration.Deny) {
				return false
			}
			is, err := matcher.BindingMatches(attributes, versions, validating.NewValidatingAdmissionPolicyBindingAccessor(binding))
			return err == nil && is
		})
	})
}

func matcherWith(request Request) generic.PolicyMatcher {
	namespaces := cache.NewIndexer(cache.MetaNamespaceKeyFunc, cache.Indexers{})
	if request.Namespace != "" {
		_ = namespaces.Add(&core.Namespace{ObjectMeta: metav1.ObjectMeta{Name: request.Namespace, Labels: request.NamespaceLabels}})
	}
	// Without a client: of a namespace that the lister has, nobody is asked again.
	return generic.NewPolicyMatcher(matching.NewMatcher(listers.NewNamespaceLister(namespaces), nil))
}

func (request Request) attributes() admission.Attributes {
	version := schema.GroupVersion{Group: request.Group, Version: request.Version}
	return admission.NewAttributesRecord(
		objectOf(request.Object), objectOf(request.OldObject), version.WithKind(request.Kind), request.Namespace, request.Name,
		version.WithResource(request.Resource), request.Subresource, request.Operation, nil, false, nil,
	)
}

// objectOf is nothing at all for nothing: an object without content would not be.
func objectOf(content map[string]any) runtime.Object {
	if content == nil {
		return nil
	}
	return &unstructured.Unstructured{Object: content}
}

// interfaces know the versions of a resource of which none is another one.
type interfaces struct {
	admission.ObjectInterfaces
	versions runtime.EquivalentResourceMapper
}

func (known interfaces) GetEquivalentResourceMapper() runtime.EquivalentResourceMapper {
	return known.versions
}

func (request Request) interfaces() admission.ObjectInterfaces {
	versions := runtime.NewEquivalentResourceRegistry()
	for _, version := range request.Served {
		served := schema.GroupVersion{Group: request.Group, Version: version}
		versions.RegisterKindFor(served.WithResource(request.Resource), request.Subresource, served.WithKind(request.Kind))
	}
	return interfaces{versions: versions}
}
