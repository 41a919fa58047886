package main

import (
	"context"
	"fmt"
	"net"
	"path/filepath"
	"time"

	"github.com/spf13/pflag"
	utilerrors "k8s.io/apimachinery/pkg/util/errors"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/util/keyutil"
	"k8s.io/kubernetes/cmd/kube-apiserver/app"
	"k8s.io/kubernetes/cmd/kube-apiserver/app/options"
)

// startAPIServer runs kube-apiserver with its defaults, RBAC and static tokens, and returns its URL. It makes its own
// certificate. The channel tells when it ends.
func startAPIServer(ctx context.Context, folder, etcdURL string, flags []string) (string, <-chan error, error) {
	accountKey := filepath.Join(folder, "service-accounts.key")
	pem, err := keyutil.MakeEllipticPrivateKeyPEM()
	if err != nil {
		return "", nil, err
	}
	if err := keyutil.WriteKey(accountKey, pem); err != nil {
		return "", nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}

	settings := options.NewServerRunOptions()
	flagSet := pflag.NewFlagSet("kube-apiserver", pflag.ContinueOnError)
	for _, group := range settings.Flags().FlagSets {
		flagSet.AddFlagSet(group)
	}
	err = flagSet.Parse(append([]string{
		"--etcd-servers=" + etcdURL,
		"--bind-address=127.0.0.1",
		// There is no Service to reach the server by, and loopback may not stand in one.
		"--advertise-address=127.0.0.1",
		"--endpoint-reconciler-type=none",
		"--service-cluster-ip-range=10.0.0.0/24",
		"--cert-dir=" + filepath.Join(folder, "tls"),
		"--authorization-mode=RBAC",
		"--token-auth-file=" + filepath.Join(folder, "tokens.csv"),
		"--service-account-issuer=https://kubernetes.default.svc",
		"--service-account-key-file=" + accountKey,
		"--service-account-signing-key-file=" + accountKey,
	}, flags...))
	if err != nil {
		return "", nil, err
	}
	settings.SecureServing.Listener = listener
	settings.SecureServing.BindPort = listener.Addr().(*net.TCPAddr).Port

	if err := settings.GenericServerRunOptions.ComponentGlobalsRegistry.Set(); err != nil {
		return "", nil, err
	}
	completed, err := settings.Complete(ctx)
	if err != nil {
		return "", nil, err
	}
	if err := utilerrors.NewAggregate(completed.Validate()); err != nil {
		return "", nil, err
	}
	failed := make(chan error, 1)
	go func() { failed <- app.Run(ctx, completed) }()
	return "https://" + listener.Addr().String(), failed, nil
}

// waitUntilReady returns when the server says that it is ready: the roles and namespaces that it creates are there.
func waitUntilReady(ctx context.Context, client *rest.Config, failed <-chan error) error {
	kubernetes, err := kubernetes.NewForConfig(client)
	if err != nil {
		return err
	}
	ready := func(ctx context.Context) (bool, error) {
		select {
		case err := <-failed:
			return false, fmt.Errorf("kube-apiserver ended: %w", err)
		default:
			return kubernetes.RESTClient().Get().AbsPath("/readyz").Do(ctx).Error() == nil, nil
		}
	}
	return wait.PollUntilContextTimeout(ctx, 100*time.Millisecond, 3*time.Minute, true, ready)
}
