package console

import "github.com/muster-presence/muster/api"

// refusal is an error of the contract that is found here.
type refusal struct{ body api.Error }

func refused(code api.Code, message string) *refusal {
	return &refusal{api.Error{Code: code, Message: message}}
}

func badAttribute(attribute, message string) *refusal {
	return &refusal{api.Error{Code: api.CodeBadRequest, Attribute: attribute, Message: message}}
}

func (r *refusal) Error() string { return string(r.body.Code) + ": " + r.body.Message }

// Contract is what the API answers with.
func (r *refusal) Contract() api.Error { return r.body }
