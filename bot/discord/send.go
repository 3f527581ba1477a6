package discord

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// noncedMessage is a message with the nonce by which Discord recognises
// a repetition. discordgo's MessageSend has none.
type noncedMessage struct {
	wireMessage
	Nonce        string `json:"nonce,omitempty"`
	EnforceNonce bool   `json:"enforce_nonce,omitempty"`
}

// sentMessage is what we need of a message that Discord returns.
type sentMessage struct {
	ID        int64 `json:"id,string"`
	ChannelID int64 `json:"channel_id,string"`
	Author    struct {
		ID int64 `json:"id,string"`
	} `json:"author"`
	// Nonce is usually absent in a channel's history, and may be a number.
	Nonce      json.RawMessage `json:"nonce"`
	Components []Component     `json:"components"`
}

// Send posts m in a channel or thread and returns the message's id. nonce, of
// at most 25 characters, makes a repetition within two minutes return the
// first message instead of posting another, and marks the message so that Find
// recognises it later; empty means neither. A message that Discord had accepted
// and somebody has deleted since counts as sent; its id is 0. Forums need
// StartPost. The error is a *Error.
func (c *Client) Send(ctx context.Context, channelID int64, m Message, nonce string) (messageID int64, err error) {
	if nonce != "" && len(m.Components) > 0 && m.Components[0].ID == 0 {
		m.SetMark(Mark(nonce))
	}
	body := noncedMessage{wireMessage: m.wire(), Nonce: nonce, EnforceNonce: nonce != ""}
	var sent sentMessage
	err = c.upload(ctx, http.MethodPost, "channels/"+id(channelID)+"/messages", body, m.Files, &sent)
	if nonce != "" && isCode(err, codeUnknownMessage) {
		return 0, nil
	}
	return sent.ID, err
}

// StartPost starts a post in a forum or media channel and returns the ids of
// the post, which is a thread, and of its first message. title is cut to 100
// code points; tags are at most five ids of the forum's tags. Discord knows no
// nonce here, so mark m (SetMark) and use Find before repeating. The error is
// a *Error.
func (c *Client) StartPost(ctx context.Context, forumID int64, title string, tags []int64, m Message) (threadID, messageID int64, err error) {
	body := struct {
		Name    string      `json:"name"`
		Tags    []string    `json:"applied_tags,omitempty"`
		Message wireMessage `json:"message"`
	}{Name: cut(title, 100), Message: m.wire()}
	for _, t := range tags {
		body.Tags = append(body.Tags, id(t))
	}
	var thread struct {
		ID      int64        `json:"id,string"`
		Message *sentMessage `json:"message"`
	}
	if err := c.upload(ctx, http.MethodPost, "channels/"+id(forumID)+"/threads", body, m.Files, &thread); err != nil {
		return 0, 0, err
	}
	// The first message of a post has the post's id.
	messageID = thread.ID
	if thread.Message != nil && thread.Message.ID != 0 {
		messageID = thread.Message.ID
	}
	return thread.ID, messageID, nil
}

// editedMessage spells out what is empty, so that an edit removes it.
type editedMessage struct {
	wireMessage
	Content    *string      `json:"content,omitempty"`
	Embeds     *[]Embed     `json:"embeds,omitempty"`
	Components *[]Component `json:"components"`
}

// edited returns m as the body of an edit. A Components V2 message may not name
// content and embeds at all.
func edited(m Message) editedMessage {
	w := m.wire()
	e := editedMessage{wireMessage: w, Components: &w.Components}
	if w.Components == nil {
		e.Components = &[]Component{}
	}
	if !m.V2() {
		if w.Embeds == nil {
			w.Embeds = []Embed{}
		}
		e.Content, e.Embeds = &w.Content, &w.Embeds
	}
	return e
}

// Edit replaces the whole content of one of our messages. The error is a *Error.
func (c *Client) Edit(ctx context.Context, channelID, messageID int64, m Message) error {
	path := "channels/" + id(channelID) + "/messages/" + id(messageID)
	return c.upload(ctx, http.MethodPatch, path, edited(m), m.Files, nil)
}

// Delete removes one of our messages. One that is gone already is no error.
func (c *Client) Delete(ctx context.Context, channelID, messageID int64) error {
	err := c.do(ctx, http.MethodDelete, "channels/"+id(channelID)+"/messages/"+id(messageID), nil, nil)
	if isCode(err, codeUnknownMessage) {
		return nil
	}
	return err
}

// Crosspost publishes a message of an announcement channel to the servers that
// follow it. A message that is published already is no error. Discord allows
// about ten an hour and channel: the error then has a long RetryAfter, to be
// kept in a queue.
func (c *Client) Crosspost(ctx context.Context, channelID, messageID int64) error {
	err := c.do(ctx, http.MethodPost, "channels/"+id(channelID)+"/messages/"+id(messageID)+"/crosspost", nil, nil)
	if isCode(err, codeAlreadyCrossposted) {
		return nil
	}
	return err
}

// discordEpoch is the first instant of Discord's ids.
const discordEpoch = 1420070400000 // 2015-01-01T00:00:00Z in milliseconds

// snowflakeAt returns the smallest id that Discord gives at t.
func snowflakeAt(t time.Time) int64 {
	return max(0, t.UnixMilli()-discordEpoch) << 22
}

func id(n int64) string { return strconv.FormatInt(n, 10) }

// maxPages bounds how far one Find reads a channel: a hundred messages each.
const maxPages = 20

// Partly is a Find that broke off. Up to To it did not find the mark, so that
// the next one may begin there.
type Partly struct {
	To  time.Time
	Err error
}

// Error implements error.
func (p *Partly) Error() string { return p.Err.Error() }

// Unwrap returns why it broke off, a *Error.
func (p *Partly) Unwrap() error { return p.Err }

// brokeOff is a Partly that has read the messages up to the id after. The
// minute is the one that Find goes back for the sake of our clock; an id's
// time is by Discord's.
func brokeOff(after int64, err error) error {
	return &Partly{To: time.UnixMilli(after>>22 + discordEpoch).Add(time.Minute), Err: err}
}

// Find reads back whether a message with the mark was posted in a channel since
// the given time: for deliveries whose answer was lost and whose nonce Discord
// may have forgotten. since should be the first attempt's time; the clocks may
// differ by a minute. Where the bot may not read the history the error is
// Forbidden(). In a forum it looks at the posts' first messages, and
// messageID is the post's. In a channel with more messages than one call reads
// the error is a *Partly.
func (c *Client) Find(ctx context.Context, channelID int64, since time.Time, mark int) (messageID int64, found bool, err error) {
	self, err := c.selfID(ctx)
	if err != nil {
		return 0, false, err
	}
	after := snowflakeAt(since.Add(-time.Minute))
	ch, err := c.Channel(ctx, channelID)
	if err != nil {
		return 0, false, err
	}
	if ch.Kind.Posts() {
		return c.findPost(ctx, ch, after, self, mark)
	}
	for i := range maxPages {
		var page []sentMessage
		path := fmt.Sprintf("channels/%d/messages?limit=100&after=%d", channelID, after)
		if err := c.do(ctx, http.MethodGet, path, nil, &page); err != nil {
			return 0, false, brokeOff(after, fmt.Errorf("read channel back: %w", err))
		}
		if i == 0 && len(page) == 0 {
			return 0, false, c.readable(ctx, ch)
		}
		for _, m := range page {
			if m.Author.ID == self && m.carries(mark) {
				return m.ID, true, nil
			}
			after = max(after, m.ID)
		}
		if len(page) < 100 {
			return 0, false, nil
		}
	}
	return 0, false, brokeOff(after, &Error{Err: fmt.Errorf("read channel back: more than %d messages since", maxPages*100)})
}

// readable returns an error where an empty history says nothing: without the
// permission to read it, Discord shows none instead of refusing.
func (c *Client) readable(ctx context.Context, ch Channel) error {
	if ch.GuildID == 0 {
		return nil
	}
	missing, err := c.Missing(ctx, ch.GuildID, ch.ID)
	if err != nil {
		return fmt.Errorf("read channel back: %w", err)
	}
	if slices.Contains(missing, ReadMessageHistory) || slices.Contains(missing, ViewChannel) {
		return &Error{Status: http.StatusForbidden, Code: codeMissingPermissions, Message: "reading back needs " + ReadMessageHistory.Name()}
	}
	return nil
}

// carries reports whether the message has the mark, on a component or through
// its nonce.
func (m sentMessage) carries(mark int) bool {
	if marked(m.Components, mark) {
		return true
	}
	var nonce string
	return json.Unmarshal(m.Nonce, &nonce) == nil && nonce != "" && Mark(nonce) == mark
}

// shortestArchive is the least time after which a quiet post leaves the list of
// active ones.
const shortestArchive = time.Hour

// findPost looks for the mark in the first messages of a forum's newer posts.
func (c *Client) findPost(ctx context.Context, forum Channel, after, self int64, mark int) (int64, bool, error) {
	type thread struct {
		ID       int64 `json:"id,string"`
		ParentID int64 `json:"parent_id,string"`
	}
	var active, archived struct {
		Threads []thread `json:"threads"`
	}
	if err := c.do(ctx, http.MethodGet, "guilds/"+id(forum.GuildID)+"/threads/active", nil, &active); err != nil {
		return 0, false, fmt.Errorf("read forum back: %w", err)
	}
	if after < snowflakeAt(time.Now().Add(-shortestArchive)) {
		if err := c.do(ctx, http.MethodGet, "channels/"+id(forum.ID)+"/threads/archived/public?limit=50", nil, &archived); err != nil {
			return 0, false, fmt.Errorf("read forum back: %w", err)
		}
	}
	for _, t := range append(active.Threads, archived.Threads...) {
		if t.ParentID != forum.ID || t.ID < after {
			continue
		}
		var m sentMessage
		err := c.do(ctx, http.MethodGet, "channels/"+id(t.ID)+"/messages/"+id(t.ID), nil, &m)
		if isCode(err, codeUnknownMessage) {
			continue
		}
		if err != nil {
			return 0, false, fmt.Errorf("read forum back: %w", err)
		}
		if m.Author.ID == self && m.carries(mark) {
			return t.ID, true, nil
		}
	}
	return 0, false, nil
}
