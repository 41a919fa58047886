package main

import (
	"context"

	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/authorization/authorizer"
	"k8s.io/apiserver/pkg/authorization/authorizerfactory"
	"k8s.io/apiserver/pkg/authorization/union"
	"k8s.io/kubernetes/pkg/registry/rbac/validation"
	authorizerrbac "k8s.io/kubernetes/plugin/pkg/auth/authorizer/rbac"
)

// Right is what somebody may do or not.
type Right struct {
	Username    string   `json:"username"`
	Groups      []string `json:"groups"`
	Verb        string   `json:"verb"`
	Group       string   `json:"group"`
	Resource    string   `json:"resource"`
	Subresource string   `json:"subresource"`
	Namespace   string   `json:"namespace"`
	Name        string   `json:"name"`
}

// allows says whether somebody may do something, as the authorizers of an API server do that has no others than its own.
func (made *cluster) allows(right Right) bool {
	_, roles := validation.NewTestRuleResolver(nil, nil, made.roles, made.roleBindings)
	all := union.New(
		authorizerfactory.NewPrivilegedGroups(user.SystemPrivilegedGroup),
		authorizerrbac.New(roles, roles, roles, roles),
	)
	decision, _, err := all.Authorize(context.Background(), authorizer.AttributesRecord{
		User:            &user.DefaultInfo{Name: right.Username, Groups: right.Groups},
		Verb:            right.Verb,
		APIGroup:        right.Group,
		APIVersion:      "*",
		Resource:        right.Resource,
		Subresource:     right.Subresource,
		Namespace:       right.Namespace,
		Name:            right.Name,
		ResourceRequest: true,
	})
	return err == nil && decision == authorizer.DecisionAllow
}
