package discordsim

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// reply is the answer to one REST request.
type reply struct {
	status int
	header http.Header
	body   any    // encoded as JSON unless nil
	raw    []byte // sent as it is instead of body
	// problems are what was wrong with the request, mild ones too.
	problems problems
}

func ok(body any) reply { return reply{status: http.StatusOK, body: body} }

func noContent() reply { return reply{status: http.StatusNoContent} }

// refusal is Discord's error body with one of its JSON codes.
func refusal(status, code int, message string) reply {
	return reply{status: status, body: object{"message": message, "code": code}}
}

// The refusals of the reference, "JSON Error Codes".
func notFound() reply           { return refusal(http.StatusNotFound, 0, "404: Not Found") }
func unauthorized() reply       { return refusal(http.StatusUnauthorized, 0, "401: Unauthorized") }
func unknownChannel() reply     { return refusal(http.StatusNotFound, 10003, "Unknown Channel") }
func unknownGuild() reply       { return refusal(http.StatusNotFound, 10004, "Unknown Guild") }
func unknownMember() reply      { return refusal(http.StatusNotFound, 10007, "Unknown Member") }
func unknownMessage() reply     { return refusal(http.StatusNotFound, 10008, "Unknown Message") }
func unknownUser() reply        { return refusal(http.StatusNotFound, 10013, "Unknown User") }
func unknownWebhook() reply     { return refusal(http.StatusNotFound, 10015, "Unknown Webhook") }
func unknownInteraction() reply { return refusal(http.StatusNotFound, 10062, "Unknown interaction") }
func alreadyCrossposted() reply {
	return refusal(http.StatusBadRequest, 40033, "This message has already been crossposted")
}
func alreadyAnswered() reply {
	return refusal(http.StatusBadRequest, 40060, "Interaction has already been acknowledged.")
}
func tagRequired() reply {
	return refusal(http.StatusBadRequest, 40067, "A tag is required to create a forum post in this channel")
}
func missingAccess() reply { return refusal(http.StatusForbidden, 50001, "Missing Access") }
func anothersMessage() reply {
	return refusal(http.StatusForbidden, 50005, "Cannot edit a message authored by another user")
}
func dmsClosed() reply {
	return refusal(http.StatusForbidden, 50007, "Cannot send messages to this user")
}
func notText() reply {
	return refusal(http.StatusBadRequest, 50008, "Cannot send messages in a non-text channel")
}
func missingPermissions() reply { return refusal(http.StatusForbidden, 50013, "Missing Permissions") }
func wrongChannelType() reply {
	return refusal(http.StatusBadRequest, 50024, "Cannot execute action on this channel type")
}
func deadToken() reply { return refusal(http.StatusUnauthorized, 50027, "Invalid Webhook Token") }
func threadExists() reply {
	return refusal(http.StatusBadRequest, 160004, "A thread has already been created for this message")
}
func threadLocked() reply { return refusal(http.StatusBadRequest, 160005, "Thread is locked") }

// invalid is the answer to a body that breaks rules: 50035 with the path of
// each, or the code that Discord has for the rule alone. Mild problems are
// carried along.
func invalid(ps problems) reply {
	r := reply{status: http.StatusBadRequest, problems: ps,
		body: object{"message": "Invalid Form Body", "code": 50035, "errors": ps.tree()}}
	for _, p := range ps {
		switch p.code {
		case codeEmpty:
			r.body = object{"message": p.text, "code": 50006}
		case codeTooManyCommands:
			r.body = object{"message": p.text, "code": 30032}
		case codeTooLarge:
			r.status, r.body = http.StatusRequestEntityTooLarge, object{"message": p.text, "code": 40005}
		}
	}
	return r
}

// with attaches mild problems to an answer.
func (r reply) with(ps problems) reply {
	r.problems = append(r.problems, ps...)
	return r
}

// encoded returns the body's bytes and sets its content type.
func (r *reply) encoded() []byte {
	if r.header == nil {
		r.header = http.Header{}
	}
	if r.raw != nil {
		return r.raw
	}
	if r.body == nil {
		return nil
	}
	r.header.Set("Content-Type", "application/json")
	return encode(r.body)
}

// badJSON is Discord's answer to a body that does not decode.
func badJSON(err error) reply {
	r := refusal(http.StatusBadRequest, 50109, "The request body contains invalid JSON.")
	r.problems.add("", "INVALID_JSON", "%v", err)
	return r
}

// limited is a 429 in its documented shape.
func limited(kind Limit, seconds float64) reply {
	h := http.Header{}
	if kind == LimitHTML {
		h.Set("Content-Type", "text/html; charset=UTF-8")
		h.Set("Retry-After", fmt.Sprint(int(seconds)))
		return reply{status: http.StatusTooManyRequests, header: h,
			raw: []byte("<!doctype html><title>Access denied</title><h1>Error 1015</h1><p>You are being rate limited.</p>\n")}
	}
	h.Set("Retry-After", fmt.Sprint(int(seconds+0.999)))
	scope := map[Limit]string{LimitUser: "user", LimitGlobal: "global", LimitShared: "shared"}[kind]
	h.Set("X-RateLimit-Scope", scope)
	if kind == LimitGlobal {
		h.Set("X-RateLimit-Global", "true")
	}
	return reply{status: http.StatusTooManyRequests, header: h, body: object{
		"message": "You are being rate limited.", "retry_after": json.Number(fmt.Sprintf("%.3f", seconds)),
		"global": kind == LimitGlobal, "code": 0,
	}}
}
