package feeds

import (
	"fmt"
	"time"
)

// Kind is the class of an Error.
type Kind string

// The kinds of errors. Temporary, RateLimited and Unreachable may pass by
// themselves; the others want somebody's attention.
const (
	// Temporary is a server's passing trouble: 5xx, a timeout, a cut answer.
	Temporary Kind = "temporary"
	// Unreachable is a host that does not resolve, answer or speak proper TLS.
	Unreachable Kind = "unreachable"
	// RateLimited is 429, or a host that has asked to be left alone.
	RateLimited Kind = "rate-limited"
	// Gone is 410: the publisher ended it.
	Gone Kind = "gone"
	// NotFound is 404.
	NotFound Kind = "not-found"
	// Forbidden is 401, 402, 403, 451 and challenges meant for browsers.
	Forbidden Kind = "forbidden"
	// Malformed is a document that cannot be read as a feed.
	Malformed Kind = "malformed"
	// NotFeed is a web page where a feed should be.
	NotFeed Kind = "not-feed"
	// TooLarge is a body over the limit.
	TooLarge Kind = "too-large"
	// Private is an address that may not be visited: it lies in a private or
	// special network that the configuration does not allow.
	Private Kind = "private"
	// Invalid is an address that is no http or https URL.
	Invalid Kind = "invalid"
	// Redirected is a chain of redirects that is too long or runs in a circle.
	Redirected Kind = "redirected"
)

// Error is a failed visit.
type Error struct {
	// Kind is the class of the error.
	Kind Kind
	// Status is the HTTP status, 0 if there was no answer.
	Status int
	// URL is the address, secrets masked (MaskURL).
	URL string
	// RetryAfter is what the server asked for, 0 if nothing.
	RetryAfter time.Duration
	// Err is the cause, nil if the status says it all.
	Err error
}

// Error implements error.
func (e *Error) Error() string {
	s := "visit " + e.URL + ": " + string(e.Kind)
	if e.Status != 0 {
		s += fmt.Sprintf(" (status %d)", e.Status)
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Temporary reports that the error may pass without anybody doing anything.
func (e *Error) Temporary() bool {
	switch e.Kind {
	case Temporary, Unreachable, RateLimited:
		return true
	}
	return false
}

// Words says in one plain English sentence what is wrong.
func (e *Error) Words() string { return e.Error() }
