package discord

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

// Message flags that may be set on messages we send.
const (
	FlagSuppressEmbeds        = 1 << 2
	FlagEphemeral             = 1 << 6 // only in answers to interactions
	FlagSuppressNotifications = 1 << 12
	FlagComponentsV2          = 1 << 15
)

// Message is what we send. Its JSON is Discord's wire form, together with the
// files' bytes, so that it survives the outbox unchanged.
//
// A message whose Components hold Components V2 types is a V2 message: the flag
// is set by itself, a Content becomes its first text, and it must not have
// Embeds. Nobody is ever mentioned except the roles in Roles.
type Message struct {
	Content    string
	Embeds     []Embed
	Components []Component
	Flags      int
	// Roles are the only mentions allowed to ping.
	Roles []int64
	Files []File
}

// File is an attachment that we upload: at most ten of 10 MiB each.
type File struct {
	Name        string `json:"name"`
	ContentType string `json:"content_type,omitempty"`
	Data        []byte `json:"data"`
}

// Embed is a classic embed. Title holds 256 code points, Description 4,096,
// Fields 25; all embeds of a message together 6,000.
type Embed struct {
	Title       string       `json:"title,omitempty"`
	Type        string       `json:"type,omitempty"`
	Description string       `json:"description,omitempty"`
	URL         string       `json:"url,omitempty"`
	Timestamp   *time.Time   `json:"timestamp,omitempty"`
	Color       int          `json:"color,omitempty"`
	Footer      *EmbedFooter `json:"footer,omitempty"`
	Image       *Media       `json:"image,omitempty"`
	Thumbnail   *Media       `json:"thumbnail,omitempty"`
	Author      *EmbedAuthor `json:"author,omitempty"`
	Fields      []EmbedField `json:"fields,omitempty"`
}

// EmbedFooter is the last line of an embed: at most 2,048 code points.
type EmbedFooter struct {
	Text    string `json:"text"`
	IconURL string `json:"icon_url,omitempty"`
}

// EmbedAuthor is the first line of an embed: at most 256 code points.
type EmbedAuthor struct {
	Name    string `json:"name"`
	URL     string `json:"url,omitempty"`
	IconURL string `json:"icon_url,omitempty"`
}

// EmbedField is a titled paragraph of an embed: 256 and 1,024 code points.
type EmbedField struct {
	Name   string `json:"name"`
	Value  string `json:"value"`
	Inline bool   `json:"inline,omitempty"`
}

// allowedMentions is sent with every message: without it, Discord would parse
// everything, and a headline with @everyone would ping a whole server.
type allowedMentions struct {
	Parse []string `json:"parse"`
	Roles []string `json:"roles,omitempty"`
}

// wireAttachment announces an uploaded file in the JSON part of a request.
type wireAttachment struct {
	ID       int    `json:"id"`
	Filename string `json:"filename"`
}

// wireMessage is Discord's form of a Message.
type wireMessage struct {
	Content         string           `json:"content,omitempty"`
	Embeds          []Embed          `json:"embeds,omitempty"`
	Components      []Component      `json:"components,omitempty"`
	Flags           int              `json:"flags,omitempty"`
	AllowedMentions allowedMentions  `json:"allowed_mentions"`
	Attachments     []wireAttachment `json:"attachments,omitempty"`
}

// V2 reports whether m is a Components V2 message.
func (m Message) V2() bool {
	if m.Flags&FlagComponentsV2 != 0 {
		return true
	}
	for _, c := range m.Components {
		if c.v2() {
			return true
		}
	}
	return false
}

// Empty reports whether Discord would refuse m for having nothing in it.
func (m Message) Empty() bool {
	return m.Content == "" && len(m.Embeds) == 0 && len(m.Components) == 0 && len(m.Files) == 0
}

// wire returns m as Discord takes it, without the files' bytes.
func (m Message) wire() wireMessage {
	w := wireMessage{
		Content: m.Content, Embeds: m.Embeds, Components: m.Components, Flags: m.Flags,
		AllowedMentions: allowedMentions{Parse: []string{}},
	}
	for _, r := range m.Roles {
		w.AllowedMentions.Roles = append(w.AllowedMentions.Roles, strconv.FormatInt(r, 10))
	}
	for i, f := range m.Files {
		w.Attachments = append(w.Attachments, wireAttachment{ID: i, Filename: f.Name})
	}
	if m.V2() {
		w.Flags |= FlagComponentsV2
		if w.Content != "" {
			w.Components = append([]Component{Text(w.Content)}, w.Components...)
			w.Content = ""
		}
	}
	return w
}

// storedMessage is a Message at rest: Discord's form plus the files.
type storedMessage struct {
	wireMessage
	Files []File `json:"files,omitempty"`
}

// MarshalJSON implements json.Marshaler.
func (m Message) MarshalJSON() ([]byte, error) {
	s := storedMessage{wireMessage: m.wire(), Files: m.Files}
	s.Attachments = nil
	b, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("encode message: %w", err)
	}
	return b, nil
}

// UnmarshalJSON implements json.Unmarshaler. It reads what MarshalJSON wrote
// and messages as Discord sends them.
func (m *Message) UnmarshalJSON(b []byte) error {
	var s storedMessage
	if err := json.Unmarshal(b, &s); err != nil {
		return fmt.Errorf("decode message: %w", err)
	}
	*m = Message{Content: s.Content, Embeds: s.Embeds, Components: s.Components, Flags: s.Flags, Files: s.Files}
	for _, r := range s.AllowedMentions.Roles {
		id, err := strconv.ParseInt(r, 10, 64)
		if err != nil {
			return fmt.Errorf("decode message: role %q: %w", r, err)
		}
		m.Roles = append(m.Roles, id)
	}
	return nil
}
