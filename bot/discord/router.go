package discord

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
)

// Handler answers a request. Its context ends when Discord no longer takes an
// answer, 14 minutes after the request. A *UserError is shown to the person as
// it is; any other error is logged and shown as a reference.
type Handler func(ctx context.Context, r *Request) (Reply, error)

// Problem is why the router itself answers instead of a handler.
type Problem int

// Problems that need words.
const (
	// ProblemInternal is an error nobody planned for; its Ref is in the log.
	ProblemInternal Problem = iota + 1
	// ProblemForbidden is a person without the permission a command requires.
	ProblemForbidden
	// ProblemUnknown is a command or button that this version does not know.
	ProblemUnknown
	// ProblemSlow is a form that came too late to be opened.
	ProblemSlow
)

// Words puts a problem into words for the person who made request r. ref is the
// reference in the log for ProblemInternal, the permission's name for
// ProblemForbidden, and empty otherwise.
type Words func(r *Request, p Problem, ref string) *UserError

// English is the default Words.
func English(_ *Request, p Problem, ref string) *UserError {
	switch p {
	case ProblemForbidden:
		return &UserError{Text: fmt.Sprintf("This needs the permission “%s”.", ref), Hint: "Ask an admin of this server."}
	case ProblemUnknown:
		return &UserError{Text: "I do not know this command or button any more.", Hint: "Try the command again; /help shows what there is."}
	case ProblemSlow:
		return &UserError{Text: "That took too long.", Hint: "Please try again."}
	}
	return &UserError{Text: fmt.Sprintf("Something went wrong (ref %s).", ref), Hint: "If it happens again, tell the operator this reference."}
}

// Router finds the handler of a request. Register everything before the client
// runs; a Router must not be changed while it serves.
type Router struct {
	// Words are used for what the router answers itself; English when nil.
	Words Words

	log      *slog.Logger
	handlers map[string]Handler
	require  map[string]int64
	public   map[string]bool
	updates  map[string]bool
}

// NewRouter returns an empty router that logs failed requests to log.
func NewRouter(log *slog.Logger) *Router {
	return &Router{
		log: log, handlers: map[string]Handler{}, require: map[string]int64{},
		public: map[string]bool{}, updates: map[string]bool{},
	}
}

// Keys of the handlers' table: a kind, a tab, and what the kind is told apart by.
const (
	keyCommand      = "command\t"
	keyAutocomplete = "autocomplete\t"
	keyComponent    = "component\t"
	keyModal        = "modal\t"
	keyMenu         = "menu\t"
)

// Command answers the slash command at path, such as "feeds add".
func (r *Router) Command(path string, h Handler) { r.handlers[keyCommand+path] = h }

// Autocomplete offers values for an option of the command at path.
func (r *Router) Autocomplete(path, option string, h Handler) {
	r.handlers[keyAutocomplete+path+"\t"+option] = h
}

// Component answers buttons and menus whose custom id has the given kind.
func (r *Router) Component(kind string, h Handler) { r.handlers[keyComponent+kind] = h }

// Modal answers forms whose custom id has the given kind.
func (r *Router) Modal(kind string, h Handler) { r.handlers[keyModal+kind] = h }

// Menu answers the message menu's entry called name.
func (r *Router) Menu(name string, h Handler) { r.handlers[keyMenu+name] = h }

// Require refuses the command at path, and every command below it, to members
// who lack permission, even where Discord let them through: a server's admins
// can move commands to other roles, and this stays. It covers autocompletion.
func (r *Router) Require(path string, permission int64) { r.require[path] = permission }

// RequireKind does for components and forms of a kind what Require does for
// commands.
func (r *Router) RequireKind(kind string, permission int64) { r.require["\t"+kind] = permission }

// Public makes the waiting message of a slow command at path public. Without
// it a slow answer can only be seen by the one who asked, since Discord fixes
// who may see an answer when the wait begins.
func (r *Router) Public(path string) { r.public[path] = true }

// Updates says that components of the kind replace their message, so that
// a slow one does not begin a new message while it waits.
func (r *Router) Updates(kind string) { r.updates[kind] = true }

// Serve finds the handler of q, checks permissions and calls it. The error is
// always nil or a *UserError that may be shown to the person as it is: panics
// and unexpected errors are logged under a reference.
func (r *Router) Serve(ctx context.Context, q *Request) (reply Reply, err error) {
	key, scope := keyOf(q)
	if p, ok := r.required(scope); ok && !allowed(q, p) {
		return Reply{}, r.words(q, ProblemForbidden, Permission(p).Name())
	}
	h, ok := r.handlers[key]
	if !ok {
		r.log.Warn("request not known", "what", strings.ReplaceAll(key, "\t", " "))
		return Reply{}, r.words(q, ProblemUnknown, "")
	}
	defer func() {
		if p := recover(); p != nil {
			reply, err = Reply{}, r.failed(q, key, fmt.Errorf("panic: %v", p), string(debug.Stack()))
		}
	}()
	reply, err = h(ctx, q)
	if err == nil {
		return reply, nil
	}
	var user *UserError
	if errors.As(err, &user) {
		r.log.Debug("request refused", "what", strings.ReplaceAll(key, "\t", " "), "err", err)
		return Reply{}, user
	}
	return Reply{}, r.failed(q, key, err, "")
}

// keyOf returns the key of q's handler and the scope of its permission.
func keyOf(q *Request) (key, scope string) {
	switch q.Kind {
	case RequestAutocomplete:
		return keyAutocomplete + q.Command + "\t" + q.Focused, q.Command
	case RequestComponent:
		return keyComponent + q.CustomKind, "\t" + q.CustomKind
	case RequestModal:
		return keyModal + q.CustomKind, "\t" + q.CustomKind
	case RequestMenu:
		return keyMenu + q.Command, q.Command
	}
	return keyCommand + q.Command, q.Command
}

// required returns the permission of the scope or of the nearest command above.
func (r *Router) required(scope string) (int64, bool) {
	for {
		if p, ok := r.require[scope]; ok {
			return p, true
		}
		i := strings.LastIndexByte(scope, ' ')
		if i < 0 {
			return 0, false
		}
		scope = scope[:i]
	}
}

// allowed reports whether the person has the permission. Outside a server
// nobody has any.
func allowed(q *Request, permission int64) bool {
	return q.GuildID != 0 && (q.Permissions&permission == permission || q.Permissions&Administrator != 0)
}

func (r *Router) failed(q *Request, key string, err error, stack string) *UserError {
	ref := reference()
	attrs := []any{"ref", ref, "what", strings.ReplaceAll(key, "\t", " "), "guild", q.GuildID, "err", err}
	if stack != "" {
		attrs = append(attrs, "stack", stack)
	}
	r.log.Error("request failed", attrs...)
	return r.words(q, ProblemInternal, ref)
}

func (r *Router) words(q *Request, p Problem, ref string) *UserError {
	if r.Words != nil {
		return r.Words(q, p, ref)
	}
	return English(q, p, ref)
}

// reference returns a short random name under which a failure can be found in
// the log.
func reference() string {
	var b [3]byte
	if _, err := rand.Read(b[:]); err != nil {
		return "unknown" // crypto/rand does not fail on supported systems
	}
	return hex.EncodeToString(b[:])
}
