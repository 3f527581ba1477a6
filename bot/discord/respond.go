package discord

import (
	"context"
	"errors"
	"net/http"
	"time"
)

const (
	// deferAfter is when a handler that is not back is acknowledged for it.
	// Discord waits 3 s; the rest is for the network, both ways, and for a
	// machine that has much else to do.
	deferAfter = time.Second
	// answerTime is how long a handler may take. Discord takes answers for 15
	// minutes.
	answerTime = 14 * time.Minute
	// typingTime bounds an autocompletion: nothing can defer it.
	typingTime = 2500 * time.Millisecond
)

// Types of first answers. Source: Discord's documentation, "Interaction
// Callback Type".
const (
	callbackMessage        = 4
	callbackDeferred       = 5
	callbackDeferredUpdate = 6
	callbackUpdate         = 7
	callbackChoices        = 8
	callbackModal          = 9
)

// callback is the first answer to an interaction.
type callback struct {
	Type int `json:"type"`
	Data any `json:"data,omitempty"`
}

// answer is what a handler came back with.
type answer struct {
	reply Reply
	err   error
}

// serve lets the router answer q and tells Discord, in time: a handler that is
// not back after deferAfter is deferred, and its reply sent as an edit.
func (c *Client) serve(ctx context.Context, router *Router, q *Request) {
	if q.Kind == RequestAutocomplete {
		c.complete(ctx, router, q)
		return
	}
	begun := time.Now()
	handling, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	done := make(chan answer, 1)
	go func() {
		reply, err := router.Serve(handling, q)
		done <- answer{reply, err}
	}()
	timer := time.NewTimer(deferAfter)
	defer timer.Stop()
	// At a shutdown the handler is told to stop; its answer still goes out.
	ctx = context.WithoutCancel(ctx)
	var err error
	select {
	case a := <-done:
		err = c.respond(ctx, q, a)
	case <-timer.C:
		how := callback{Type: callbackDeferred}
		switch {
		case q.Kind == RequestComponent && router.updates[q.CustomKind]:
			how.Type = callbackDeferredUpdate
		case !router.public[q.Command]:
			how.Data = map[string]int{"flags": FlagEphemeral}
		}
		err = c.callback(ctx, q, how, nil)
		a := <-done
		if err == nil {
			err = c.respondLate(ctx, router, q, how, a)
		}
	}
	if err != nil {
		c.log.Warn("answer not delivered", "kind", int(q.Kind), "command", q.Command, "custom", q.CustomKind,
			"took", time.Since(begun), "err", err)
	}
}

// complete answers an autocompletion, with nothing where the handler fails or
// is late.
func (c *Client) complete(ctx context.Context, router *Router, q *Request) {
	typing, cancel := context.WithTimeout(ctx, typingTime)
	defer cancel()
	done := make(chan answer, 1)
	go func() {
		reply, err := router.Serve(typing, q)
		done <- answer{reply, err}
	}()
	choices := []wireChoice{}
	select {
	case a := <-done:
		choices = offered(errorReply(a).Choices, q.focusedKind)
	case <-typing.Done():
	}
	data := map[string]any{"choices": choices}
	if err := c.callback(context.WithoutCancel(ctx), q, callback{callbackChoices, data}, nil); err != nil {
		c.log.Debug("choices not delivered", "command", q.Command, "err", err)
	}
}

// offered returns the first 25 choices that Discord takes.
func offered(in []Choice, kind OptionKind) []wireChoice {
	out := []wireChoice{}
	for _, ch := range in {
		if len(out) == 25 {
			break
		}
		if blank(ch.Name) || runes(ch.Value) > 100 {
			continue
		}
		out = append(out, ch.wire(kind))
	}
	return out
}

// callback sends the first answer. A repetition after an answer that was lost
// finds the interaction answered, which is success.
func (c *Client) callback(ctx context.Context, q *Request, how callback, files []File) error {
	path := "interactions/" + id(q.ID) + "/" + q.token + "/callback"
	err := c.upload(ctx, http.MethodPost, path, how, files, nil)
	var e *Error
	if errors.As(err, &e) && e.Maybe && ctx.Err() == nil {
		err = c.upload(ctx, http.MethodPost, path, how, files, nil)
		if isCode(err, codeAlreadyAnswered) {
			return nil
		}
	}
	return err
}

// respond gives the first answer at once.
func (c *Client) respond(ctx context.Context, q *Request, a answer) error {
	reply := errorReply(a)
	switch {
	case reply.Modal != nil:
		return c.callback(ctx, q, callback{callbackModal, reply.Modal.wire()}, nil)
	case reply.Message.Empty() && q.Kind == RequestComponent:
		return c.callback(ctx, q, callback{Type: callbackDeferredUpdate}, nil)
	}
	parts := Split(reply.Message)
	if len(parts) == 0 {
		return errors.New("reply without a message")
	}
	how := callback{Type: callbackMessage}
	if reply.Update && q.MessageID != 0 {
		how.Type, how.Data = callbackUpdate, edited(parts[0])
	} else {
		how.Data = visible(parts[0], reply.Public)
	}
	if err := c.callback(ctx, q, how, parts[0].Files); err != nil {
		return err
	}
	return c.follow(ctx, q, parts[1:], reply.Public)
}

// respondLate gives the answer after Discord was asked to wait as how says.
func (c *Client) respondLate(ctx context.Context, router *Router, q *Request, how callback, a answer) error {
	if a.reply.Modal != nil && a.err == nil {
		a.err = router.words(q, ProblemSlow, "")
	}
	reply := errorReply(a)
	updating := how.Type == callbackDeferredUpdate
	parts := Split(reply.Message)
	switch {
	case len(parts) == 0 && updating:
		return nil
	case len(parts) == 0:
		return c.do(ctx, http.MethodDelete, c.original(q), nil, nil)
	case updating && !reply.Update:
		// The pressed message stays as it is; the answer is one of its own.
		return c.follow(ctx, q, parts, reply.Public)
	}
	if err := c.upload(ctx, http.MethodPatch, c.original(q), edited(parts[0]), parts[0].Files, nil); err != nil {
		return err
	}
	return c.follow(ctx, q, parts[1:], reply.Public)
}

// follow sends further messages after the first answer, in order.
func (c *Client) follow(ctx context.Context, q *Request, parts []Message, public bool) error {
	for _, m := range parts {
		if err := c.upload(ctx, http.MethodPost, c.webhook(q), visible(m, public), m.Files, nil); err != nil {
			return err
		}
	}
	return nil
}

func (c *Client) webhook(q *Request) string { return "webhooks/" + id(q.ApplicationID) + "/" + q.token }

func (c *Client) original(q *Request) string { return c.webhook(q) + "/messages/@original" }

// visible returns m's wire form, for everyone or for the one who asked.
func visible(m Message, public bool) wireMessage {
	w := m.wire()
	if !public {
		w.Flags |= FlagEphemeral
	}
	return w
}

// errorReply returns the reply, or the words of the error in its place.
func errorReply(a answer) Reply {
	if a.err == nil {
		return a.reply
	}
	s := a.err.Error()
	var user *UserError
	if errors.As(a.err, &user) && user.Hint != "" {
		s = user.Text + "\n" + user.Hint
	}
	return Reply{Message: Message{Content: cut(s, maxContent)}}
}

// wire returns the form as Discord takes it.
func (m *Modal) wire() any {
	rows := []Component{}
	for _, in := range m.Inputs {
		required := in.Required
		c := Component{
			Type: TypeTextInput, CustomID: in.ID, Label: cut(in.Label, 45), Style: 1, Value: in.Value,
			Placeholder: cut(in.Placeholder, 100), Required: &required, MinLength: in.Min, MaxLength: in.Max,
		}
		if in.Long {
			c.Style = 2
		}
		rows = append(rows, Row(c))
	}
	return map[string]any{"custom_id": m.CustomID, "title": cut(m.Title, 45), "components": rows}
}
