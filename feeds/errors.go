package feeds

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"
)

// errChallenge is the cause of an Error of kind Forbidden when a page meant for
// browsers stands in front of the site.
var errChallenge = errors.New("the site challenges visitors")

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

// Words says in one plain English sentence what is wrong, for the person who
// added the feed. It holds no secret and no address.
func (e *Error) Words() string {
	switch e.Kind {
	case Unreachable:
		return e.unreachable()
	case RateLimited:
		return "The server asks to be visited less often."
	case Gone:
		return "The publisher has ended it (410 Gone)."
	case NotFound:
		return "There is nothing at this address any more (404 Not Found)."
	case Forbidden:
		return e.forbidden()
	case Malformed:
		return "The document could not be read as a feed: " + cause(e.Err) + "."
	case NotFeed:
		return "There is a web page at this address, not a feed."
	case TooLarge:
		return "The document is too large."
	case Private:
		return "The address lies in a private network, which this bot may not visit."
	case Invalid:
		return "This is not a web address that begins with http:// or https://."
	case Redirected:
		return "The address redirects in a circle or too often."
	}
	switch {
	case errors.Is(e.Err, errEmpty):
		return "The server sent an empty document."
	case e.Status != 0 && e.Status != http.StatusOK:
		return fmt.Sprintf("The server answered with an error (%d %s).", e.Status, http.StatusText(e.Status))
	case timedOut(e.Err):
		return "The server did not answer in time."
	}
	return "The connection broke off before everything had arrived."
}

// timedOut reports errors for want of time, whoever gave up.
func timedOut(err error) bool {
	var t interface{ Timeout() bool } // what net.Error has of use
	return errors.As(err, &t) && t.Timeout()
}

func (e *Error) unreachable() string {
	var dns *net.DNSError
	var cert *tls.CertificateVerificationError
	switch {
	case errors.As(e.Err, &dns) && dns.IsNotFound:
		return "The server's name does not exist."
	case errors.As(e.Err, &dns):
		return "The server's name could not be looked up."
	case errors.As(e.Err, &cert):
		return "The server's certificate is not valid."
	case errors.Is(e.Err, syscall.ECONNREFUSED):
		return "The server refuses connections."
	}
	return "The server cannot be reached."
}

func (e *Error) forbidden() string {
	if errors.Is(e.Err, errChallenge) {
		return "The site asks visitors to prove that they are human, which a bot cannot."
	}
	if errors.Is(e.Err, errRobots) {
		return "The site asks programs not to read this page (robots.txt)."
	}
	switch e.Status {
	case http.StatusUnauthorized:
		return "The address needs a user name and password (401 Unauthorized)."
	case http.StatusPaymentRequired:
		return "The publisher wants to be paid for this (402 Payment Required)."
	case http.StatusUnavailableForLegalReasons:
		return "It may not be shown here for legal reasons (451)."
	}
	return "The server refuses to show it to this bot (403 Forbidden)."
}

// cause is the innermost error's text.
func cause(err error) string {
	for err != nil {
		next := errors.Unwrap(err)
		if next == nil {
			return strings.TrimSuffix(err.Error(), ".")
		}
		err = next
	}
	return "unknown cause"
}
