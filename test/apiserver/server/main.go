// Command server runs a Kubernetes API server for tests: kube-apiserver with the etcd that it needs and two controllers,
// in one process, on loopback. Everything else of a cluster is left out.
//
//	server FOLDER [FLAG OF KUBE-APISERVER]...
//
// FOLDER must hold tokens.csv, the static token file of kube-apiserver
// (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#static-token-file); the first line must be
// that of a member of system:masters. The server's own files go there too, among them its certificate and that of its
// certificate authority, tls/apiserver.crt. As soon as requests are answered, the base URL is printed, the one line of
// standard output. The server ends when its standard input does, so that tests that were killed leave none behind.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"k8s.io/client-go/rest"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: server FOLDER [FLAG OF KUBE-APISERVER]...")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		stop()
	}()
	if err := run(ctx, os.Args[1], os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run serves until the context is done. Nothing is stopped in order: the process ends, and its data is of no more use.
func run(ctx context.Context, folder string, flags []string) error {
	etcdURL, err := startEtcd(filepath.Join(folder, "etcd"))
	if err != nil {
		return err
	}
	url, failed, err := startAPIServer(ctx, folder, etcdURL, flags)
	if err != nil {
		return err
	}
	token, err := firstToken(filepath.Join(folder, "tokens.csv"))
	if err != nil {
		return err
	}
	client := &rest.Config{
		Host:            url,
		BearerToken:     token,
		TLSClientConfig: rest.TLSClientConfig{CAFile: filepath.Join(folder, "tls", "apiserver.crt")},
	}
	if err := waitUntilReady(ctx, client, failed); err != nil {
		return err
	}
	if err := startControllers(ctx, client); err != nil {
		return err
	}
	fmt.Println(url)
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
		return nil
	}
}

func firstToken(file string) (string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	token, _, found := strings.Cut(string(text), ",")
	if !found {
		return "", fmt.Errorf("%s holds no token", file)
	}
	return token, nil
}
