package main

import (
	"fmt"

	admissionregistration "k8s.io/api/admissionregistration/v1"
	rbac "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	genericapirequest "k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	_ "k8s.io/kubernetes/pkg/apis/admissionregistration/install"
	_ "k8s.io/kubernetes/pkg/apis/rbac/install"
	"k8s.io/kubernetes/pkg/registry/admissionregistration/validatingadmissionpolicy"
	"k8s.io/kubernetes/pkg/registry/admissionregistration/validatingadmissionpolicybinding"
	"k8s.io/kubernetes/pkg/registry/rbac/clusterrole"
	"k8s.io/kubernetes/pkg/registry/rbac/clusterrolebinding"
)

// cluster holds the objects that were taken.
type cluster struct {
	policies       []*admissionregistration.ValidatingAdmissionPolicy
	policyBindings []*admissionregistration.ValidatingAdmissionPolicyBinding
	roles          []*rbac.ClusterRole
	roleBindings   []*rbac.ClusterRoleBinding
}

// reader refuses what it does not know.
var reader = serializer.NewCodecFactory(legacyscheme.Scheme, serializer.EnableStrict).UniversalDeserializer()

// add makes an object as the API server does, or says why it would not.
func (made *cluster) add(text []byte) error {
	object, _, err := reader.Decode(text, nil, nil)
	if err != nil {
		return err
	}
	legacyscheme.Scheme.Default(object)
	switch object := object.(type) {
	case *admissionregistration.ValidatingAdmissionPolicy:
		made.policies = append(made.policies, object)
		return refused(object, validatingadmissionpolicy.NewStrategy(nil, nil))
	case *admissionregistration.ValidatingAdmissionPolicyBinding:
		made.policyBindings = append(made.policyBindings, object)
		return refused(object, validatingadmissionpolicybinding.NewStrategy(nil, nil, nil))
	case *rbac.ClusterRole:
		made.roles = append(made.roles, object)
		return refused(object, clusterrole.Strategy)
	case *rbac.ClusterRoleBinding:
		made.roleBindings = append(made.roleBindings, object)
		return refused(object, clusterrolebinding.Strategy)
	default:
		return fmt.Errorf("%T is none of a guard", object)
	}
}

func refused(object runtime.Object, strategy rest.RESTCreateStrategy) error {
	internal, err := legacyscheme.Scheme.ConvertToVersion(object, runtime.InternalGroupVersioner)
	if err != nil {
		return err
	}
	kind := object.GetObjectKind().GroupVersionKind()
	ctx := genericapirequest.WithNamespace(genericapirequest.NewContext(), metav1.NamespaceNone)
	ctx = genericapirequest.WithRequestInfo(ctx, &genericapirequest.RequestInfo{APIGroup: kind.Group, APIVersion: kind.Version})
	rest.FillObjectMetaSystemFields(internal.(metav1.Object))
	return rest.BeforeCreate(strategy, ctx, internal)
}
