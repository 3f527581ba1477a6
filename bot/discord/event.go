package discord

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime/debug"
	"sync"
)

// Ready is what Discord says about us when a gateway session begins. Guilds
// are the ids of the servers the bot is in, those of this shard.
type Ready struct {
	ApplicationID, UserID int64
	UserName              string
	Guilds                []int64
}

// Guild is a server; Locale is its language as a BCP 47 tag.
type Guild struct {
	ID     int64
	Name   string
	Locale string
}

// Events are what the program wants to hear; nil functions are skipped. They
// are called one after the other in the order of the gateway, and a panic in
// one is logged. Requests to the Router run side by side.
type Events struct {
	Ready func(ctx context.Context, r Ready)
	// GuildCreated tells of every server after Ready, of a new one, and of
	// a changed name or language.
	GuildCreated func(ctx context.Context, g Guild)
	// GuildDeleted tells that the bot was removed, not that Discord has an outage.
	GuildDeleted   func(ctx context.Context, guildID int64)
	ChannelDeleted func(ctx context.Context, guildID, channelID int64)
	// ChannelUpdated tells of a changed channel; channelID 0 means any channel
	// of the guild, when a role changed.
	ChannelUpdated func(ctx context.Context, guildID, channelID int64)
	Router         *Router
}

// queue holds calls for one goroutine, so that the gateway's reader never
// waits for the program.
type queue struct {
	mu    sync.Mutex
	calls []func()
	wake  chan struct{}
}

func newQueue() *queue { return &queue{wake: make(chan struct{}, 1)} }

func (q *queue) add(call func()) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.calls = append(q.calls, call)
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// run makes the calls in order until ctx ends; the call being made is finished.
func (q *queue) run(ctx context.Context) {
	for {
		q.mu.Lock()
		calls := q.calls
		q.calls = nil
		q.mu.Unlock()
		for _, call := range calls {
			if ctx.Err() != nil {
				return
			}
			call()
		}
		if len(calls) > 0 {
			continue
		}
		select {
		case <-q.wake:
		case <-ctx.Done():
			return
		}
	}
}

// wireEvent holds what we need of the events about guilds, channels, threads
// and roles.
type wireEvent struct {
	ID          int64  `json:"id,string"`
	GuildID     int64  `json:"guild_id,string"`
	Name        string `json:"name"`
	Locale      string `json:"preferred_locale"`
	Unavailable bool   `json:"unavailable"`
}

// wireReady holds what we need of READY.
type wireReady struct {
	User struct {
		ID       int64  `json:"id,string"`
		Username string `json:"username"`
	} `json:"user"`
	Application struct {
		ID int64 `json:"id,string"`
	} `json:"application"`
	Guilds []struct {
		ID int64 `json:"id,string"`
	} `json:"guilds"`
	SessionID string `json:"session_id"`
	ResumeURL string `json:"resume_gateway_url"`
}

func (w wireReady) event() Ready {
	r := Ready{ApplicationID: w.Application.ID, UserID: w.User.ID, UserName: w.User.Username}
	for _, g := range w.Guilds {
		r.Guilds = append(r.Guilds, g.ID)
	}
	return r
}

// call returns the program's function for an event, or nil.
func (ev Events) call(ctx context.Context, kind string, raw json.RawMessage) (func(), error) {
	switch kind {
	case "GUILD_CREATE", "GUILD_UPDATE", "GUILD_DELETE", "CHANNEL_DELETE", "CHANNEL_UPDATE",
		"THREAD_DELETE", "THREAD_UPDATE", "GUILD_ROLE_UPDATE", "GUILD_ROLE_DELETE":
	default:
		return nil, nil
	}
	var w wireEvent
	if err := json.Unmarshal(raw, &w); err != nil {
		return nil, fmt.Errorf("decode %s: %w", kind, err)
	}
	switch kind {
	case "GUILD_CREATE", "GUILD_UPDATE":
		if ev.GuildCreated != nil && !w.Unavailable {
			return func() { ev.GuildCreated(ctx, Guild{ID: w.ID, Name: w.Name, Locale: w.Locale}) }, nil
		}
	case "GUILD_DELETE":
		if ev.GuildDeleted != nil && !w.Unavailable {
			return func() { ev.GuildDeleted(ctx, w.ID) }, nil
		}
	case "CHANNEL_DELETE", "THREAD_DELETE":
		if ev.ChannelDeleted != nil {
			return func() { ev.ChannelDeleted(ctx, w.GuildID, w.ID) }, nil
		}
	default:
		if ev.ChannelUpdated != nil {
			return func() { ev.ChannelUpdated(ctx, w.GuildID, w.ID) }, nil // roles carry no id here: 0
		}
	}
	return nil, nil
}

// guarded returns call with its panics logged.
func (c *Client) guarded(what string, call func()) func() {
	return func() {
		defer func() {
			if p := recover(); p != nil {
				c.log.Error("event handler panicked", "event", what, "panic", p, "stack", string(debug.Stack()))
			}
		}()
		call()
	}
}
