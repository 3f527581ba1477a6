package bot

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"broadsheet/bot/discord"
	"broadsheet/bot/store"
)

// errNoPost is a message that continues a forum post which was never begun or
// has been deleted since.
var errNoPost = errors.New("the post it continues is not there")

// isForum reports whether messages go into posts of the channel and not into
// the channel itself. A channel's kind does not change between the two.
func (s *Sender) isForum(ctx context.Context, d store.Delivery) (bool, error) {
	if d.GuildID == 0 {
		return false, nil // a direct message
	}
	if forum, known := s.forums.Load(d.ChannelID); known {
		return forum.(bool), nil
	}
	channel, err := s.wire.Channel(ctx, d.ChannelID)
	if err != nil {
		return false, fmt.Errorf("look up channel: %w", err)
	}
	s.forums.Store(d.ChannelID, channel.Kind.Posts())
	return channel.Kind.Posts(), nil
}

// sendToForum begins a post with the first message of an edition and continues
// it with the others.
func (s *Sender) sendToForum(ctx context.Context, d store.Delivery, m discord.Message) (int64, error) {
	if d.EditionID != 0 && d.Seq > 0 && d.Kind == kindDigest {
		// The first message of a post has the post's own id.
		post, err := s.store.SentMessage(ctx, d.EditionID, 0)
		if errors.Is(err, store.ErrNotFound) {
			return 0, errNoPost
		}
		if err != nil {
			return 0, err
		}
		d.ChannelID = post
		id, err := s.sendToChannel(ctx, d, m)
		var refused *discord.Error
		if errors.As(err, &refused) && refused.Gone() {
			// Somebody deleted the post. The forum is still there.
			return 0, fmt.Errorf("%w: %w", errNoPost, err)
		}
		return id, err
	}
	mark := discord.Mark(d.Nonce)
	m.SetMark(mark)
	// Discord knows no nonce for posts: every repetition reads back.
	if d.Attempt > 1 {
		id, found, err := s.wire.Find(ctx, d.ChannelID, d.FirstAttempt.Add(-time.Minute), mark)
		if err != nil || found {
			return id, err
		}
	}
	_, message, err := s.wire.StartPost(ctx, d.ChannelID, heading(m.Components), nil, m)
	return message, err
}

var (
	maskedLink = regexp.MustCompile(`^\[(.+)\]\(<?[^)]*>?\)$`)
	escaped    = regexp.MustCompile(`\\([^\w\s])`)
)

// heading is the first line of a message as plain text: the title of its post.
func heading(components []discord.Component) string {
	for _, c := range components {
		text := c.Content
		if text == "" {
			text = heading(c.Components)
		}
		line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
		line = strings.TrimSpace(strings.TrimLeft(line, "#"))
		if link := maskedLink.FindStringSubmatch(line); link != nil {
			line = link[1]
		}
		if line = strings.TrimSpace(escaped.ReplaceAllString(line, "$1")); line != "" {
			return line
		}
	}
	return ""
}
