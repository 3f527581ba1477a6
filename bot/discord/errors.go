package discord

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// Codes of Discord's JSON errors and of its gateway that decide what we do.
// Source: Discord's documentation, "Opcodes and Status Codes".
const (
	codeUnknownChannel     = 10003
	codeUnknownGuild       = 10004
	codeUnknownMember      = 10007
	codeUnknownMessage     = 10008
	codeUnknownUser        = 10013
	codeUnknownWebhook     = 10015
	codeUnknownInteraction = 10062
	codeMissingAccess      = 50001
	codeMissingPermissions = 50013
	codeInvalidToken       = 50014
	codeTokenExpired       = 50027
	codeUnauthorized       = 40001
	codeBlockedUserAgent   = 40333
	codeAlreadyAnswered    = 40060
	codeTagRequired        = 40067
	codeThreadArchived     = 50083
	codeThreadLocked       = 160005
	codeAlreadyCrossposted = 40033
	codeThreadExists       = 160004
	codeCommandQuota       = 30034
	codeCommandsMaximum    = 30032
	codeOverloaded         = 130000
)

// Error is a request that Discord refused or that did not reach it, or a
// gateway connection that cannot be had again.
type Error struct {
	// Code is Discord's JSON error code, or the gateway's close code; 0 when
	// there was none.
	Code int
	// Status is the HTTP status; 0 when no answer arrived.
	Status int
	// RetryAfter is how long Discord asks us to wait; 0 when it did not say.
	RetryAfter time.Duration
	// Maybe reports that the request may have been accepted although no
	// answer says so. Repeat it only with the same nonce or after reading back.
	Maybe bool
	// Message is Discord's own text, for the log.
	Message string
	// Err is the cause below, if any.
	Err error

	unsent  bool // refused by our own limiter
	global  bool // a 429 for the whole bot
	shared  bool // a 429 that Discord does not hold against us
	blanket bool // an answer that is not Discord's JSON
}

// Error implements error.
func (e *Error) Error() string {
	s := "discord"
	if e.Status != 0 {
		s += fmt.Sprintf(": status %d", e.Status)
	}
	if e.Code != 0 {
		s += fmt.Sprintf(": code %d", e.Code)
	}
	if e.Message != "" {
		s += ": " + e.Message
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	if e.RetryAfter > 0 {
		s += fmt.Sprintf(" (retry after %v)", e.RetryAfter)
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Temporary reports that the same request may succeed later: rate limits,
// Discord's own failures, and answers that never came.
func (e *Error) Temporary() bool {
	switch {
	case e.Fatal():
		return false
	case e.blanket:
		return true // a proxy's or Cloudflare's page is not Discord's verdict
	case e.Maybe, e.Status == http.StatusTooManyRequests, e.Status >= 500, e.Code == codeOverloaded:
		return true
	case e.RetryAfter > 0:
		return true
	case e.Code == 20016, e.Code == 20022, e.Code == 20028, e.Code == 20029, e.Code == 40062:
		return true // per-action limits that arrive without status 429
	}
	return e.Status == 0 && e.Code == 0
}

// Gone reports that the channel, thread or guild no longer exists.
func (e *Error) Gone() bool { return e.Code == codeUnknownChannel || e.Code == codeUnknownGuild }

// Forbidden reports that the bot lacks access or a permission there, that a
// thread is locked, or that a forum takes posts with tags alone. Repeating does
// not help until an admin has changed something.
func (e *Error) Forbidden() bool {
	switch e.Code {
	case codeMissingAccess, codeMissingPermissions, codeTagRequired, codeThreadArchived, codeThreadLocked:
		return true
	}
	return e.Status == http.StatusForbidden && e.Code != codeBlockedUserAgent && !e.blanket
}

// Fatal reports that nothing will work until the operator has changed
// something: the token, the intents, the number of shards.
func (e *Error) Fatal() bool {
	switch e.Code {
	case 4004, 4010, 4011, 4012, 4013, 4014, codeUnauthorized, codeInvalidToken, codeBlockedUserAgent:
		return true
	case codeTokenExpired, codeUnknownWebhook:
		return false // the token of one interaction, not ours
	}
	return e.Status == http.StatusUnauthorized && !e.blanket
}

// WrongToken reports that the bot's token is what Discord refuses.
func (e *Error) WrongToken() bool {
	switch e.Code {
	case 4004, codeUnauthorized, codeInvalidToken:
		return true
	case codeTokenExpired, codeUnknownWebhook:
		return false
	}
	return e.Status == http.StatusUnauthorized
}

// isCode reports whether err is a Discord error with one of the codes.
func isCode(err error, codes ...int) bool {
	var e *Error
	if !errors.As(err, &e) {
		return false
	}
	for _, c := range codes {
		if e.Code == c {
			return true
		}
	}
	return false
}

// ended reports whether err is nothing but the end of its context.
func ended(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// UserError is an answer for the person who asked: what is wrong and a way out.
// It is shown to that person alone and is not logged as an error.
type UserError struct {
	// Text is a sentence: what is wrong.
	Text string
	// Hint is a sentence: what to do now. It may be empty.
	Hint string
}

// Error implements error.
func (e *UserError) Error() string {
	if e.Hint == "" {
		return e.Text
	}
	return e.Text + " " + e.Hint
}
