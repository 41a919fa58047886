package main

import (
	"context"

	corev1 "k8s.io/api/core/v1"
	apiextensions "k8s.io/apiextensions-apiserver/pkg/client/clientset/clientset/scheme"
	"k8s.io/apiserver/pkg/admission/plugin/policy/validating"
	"k8s.io/apiserver/pkg/cel/openapi/resolver"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"
	"k8s.io/kubernetes/pkg/controller/namespace"
	"k8s.io/kubernetes/pkg/controller/validatingadmissionpolicystatus"
	"k8s.io/kubernetes/pkg/generated/openapi"
)

// startControllers runs the two controllers of kube-controller-manager that the tests look at: the one that empties and
// removes deleted namespaces, and the one that writes what it finds wrong with the types in an admission policy's
// expressions into the policy's status. Each acts as the service account that it has in a cluster.
func startControllers(ctx context.Context, client *rest.Config) error {
	if err := startNamespaceController(ctx, as("namespace-controller", client)); err != nil {
		return err
	}
	return startPolicyStatusController(ctx, as("validatingadmissionpolicy-status-controller", client))
}

// as is the client of a controller. A test waits for each, so none is slowed down.
func as(controller string, client *rest.Config) *rest.Config {
	client = rest.CopyConfig(client)
	client.QPS = -1
	client.Impersonate = rest.ImpersonationConfig{
		UserName: "system:serviceaccount:kube-system:" + controller,
		Groups:   []string{"system:serviceaccounts", "system:serviceaccounts:kube-system", "system:authenticated"},
	}
	return client
}

func startNamespaceController(ctx context.Context, client *rest.Config) error {
	kubernetes, err := kubernetes.NewForConfig(client)
	if err != nil {
		return err
	}
	metadata, err := metadata.NewForConfig(client)
	if err != nil {
		return err
	}
	informers := informers.NewSharedInformerFactory(kubernetes, 0)
	controller := namespace.NewNamespaceController(
		ctx,
		kubernetes,
		metadata,
		kubernetes.Discovery().ServerPreferredNamespacedResources,
		informers.Core().V1().Namespaces(),
		0,
		corev1.FinalizerKubernetes,
	)
	informers.Start(ctx.Done())
	go controller.Run(ctx, 2)
	return nil
}

func startPolicyStatusController(ctx context.Context, client *rest.Config) error {
	kubernetes, err := kubernetes.NewForConfig(client)
	if err != nil {
		return err
	}
	informers := informers.NewSharedInformerFactory(kubernetes, 0)
	discovery := kubernetes.Discovery()
	schemas := resolver.NewDefinitionsSchemaResolver(openapi.GetOpenAPIDefinitions, scheme.Scheme, apiextensions.Scheme)
	controller, err := validatingadmissionpolicystatus.NewController(
		informers.Admissionregistration().V1().ValidatingAdmissionPolicies(),
		kubernetes.AdmissionregistrationV1().ValidatingAdmissionPolicies(),
		&validating.TypeChecker{
			SchemaResolver: schemas.Combine(&resolver.ClientDiscoveryResolver{Discovery: discovery}),
			RestMapper:     restmapper.NewDeferredDiscoveryRESTMapper(memory.NewMemCacheClient(discovery)),
		},
	)
	if err != nil {
		return err
	}
	informers.Start(ctx.Done())
	go controller.Run(ctx, 1)
	return nil
}
