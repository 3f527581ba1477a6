package discord

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// wireInteraction is Discord's form of a request. We decode it ourselves:
// discordgo gives nil Data for a message with a component it does not know.
type wireInteraction struct {
	ID             int64            `json:"id,string"`
	ApplicationID  int64            `json:"application_id,string"`
	Type           int              `json:"type"`
	Data           *interactionData `json:"data"`
	GuildID        int64            `json:"guild_id,string"`
	ChannelID      int64            `json:"channel_id,string"`
	Member         *wireMember      `json:"member"`
	User           *wireUser        `json:"user"`
	Token          string           `json:"token"`
	Message        *wireTarget      `json:"message"`
	AppPermissions json.RawMessage  `json:"app_permissions"`
	Locale         string           `json:"locale"`
	GuildLocale    string           `json:"guild_locale"`
}

type wireUser struct {
	ID         int64  `json:"id,string"`
	Username   string `json:"username"`
	GlobalName string `json:"global_name"`
}

type wireMember struct {
	User        *wireUser `json:"user"`
	Nick        string    `json:"nick"`
	Permissions int64     `json:"permissions,string"`
}

type interactionData struct {
	Name          string              `json:"name"`
	Type          CommandKind         `json:"type"`
	Options       []interactionOption `json:"options"`
	TargetID      string              `json:"target_id"`
	CustomID      string              `json:"custom_id"`
	ComponentType ComponentType       `json:"component_type"`
	Values        []string            `json:"values"`
	Components    []modalComponent    `json:"components"`
	Resolved      struct {
		Messages    map[string]wireTarget     `json:"messages"`
		Attachments map[string]wireAttachedIn `json:"attachments"`
	} `json:"resolved"`
}

type interactionOption struct {
	Name    string              `json:"name"`
	Type    OptionKind          `json:"type"`
	Value   json.RawMessage     `json:"value"`
	Options []interactionOption `json:"options"`
	Focused bool                `json:"focused"`
}

// modalComponent is a filled-in form's row or label, or the input inside.
type modalComponent struct {
	CustomID   string           `json:"custom_id"`
	Value      string           `json:"value"`
	Components []modalComponent `json:"components"`
	Component  *modalComponent  `json:"component"`
}

type wireAttachedIn struct {
	ID          int64  `json:"id,string"`
	Filename    string `json:"filename"`
	ContentType string `json:"content_type"`
	URL         string `json:"url"`
	Size        int64  `json:"size"`
}

// wireTarget is a message inside a request.
type wireTarget struct {
	ID        int64  `json:"id,string"`
	ChannelID int64  `json:"channel_id,string"`
	Content   string `json:"content"`
	Embeds    []struct {
		URL         string `json:"url"`
		Description string `json:"description"`
	} `json:"embeds"`
	Components []linkComponent `json:"components"`
}

// linkComponent is as much of a component as may hold a link. It has no field
// whose form differs between the kinds of components, known or not.
type linkComponent struct {
	URL        string          `json:"url"`
	Content    string          `json:"content"`
	Components []linkComponent `json:"components"`
	Accessory  *linkComponent  `json:"accessory"`
}

// errNotARequest marks interactions that cannot be answered or are none.
var errNotARequest = errors.New("interaction without id, token or data")

// decodeRequest reads the data of an INTERACTION_CREATE event.
func decodeRequest(raw []byte) (*Request, error) {
	var w wireInteraction
	if err := json.Unmarshal(raw, &w); err != nil {
		return nil, fmt.Errorf("decode interaction: %w", err)
	}
	if w.ID == 0 || w.Token == "" || w.Data == nil {
		return nil, errNotARequest
	}
	q := &Request{
		ID: w.ID, ApplicationID: w.ApplicationID, GuildID: w.GuildID, ChannelID: w.ChannelID,
		Locale: w.Locale, GuildLocale: w.GuildLocale, token: w.Token,
		Options: map[string]string{}, Fields: map[string]string{}, Attachments: map[string]Attachment{},
	}
	if p, err := strconv.ParseInt(strings.Trim(string(w.AppPermissions), `"`), 10, 64); err == nil {
		q.AppPermissions = p
	}
	q.person(w)
	if w.Message != nil {
		q.MessageID = w.Message.ID
	}
	switch w.Type {
	case 2, 4:
		q.command(w.Data, w.Type == 4)
	case 3, 5:
		q.component(w.Data, w.Type == 5)
	default:
		return nil, fmt.Errorf("interaction of unknown type %d", w.Type)
	}
	return q, nil
}

// person notes who asked.
func (q *Request) person(w wireInteraction) {
	user := w.User
	if w.Member != nil {
		q.Permissions = w.Member.Permissions
		if w.Member.User != nil {
			user = w.Member.User
		}
		q.UserName = w.Member.Nick
	}
	if user == nil {
		return
	}
	q.UserID = user.ID
	for _, name := range []string{user.GlobalName, user.Username} {
		if q.UserName == "" {
			q.UserName = name
		}
	}
}

// command notes a command's path and options, or what is being typed.
func (q *Request) command(d *interactionData, typing bool) {
	q.Kind, q.Command = RequestCommand, d.Name
	switch {
	case d.Type == MessageMenu:
		q.Kind = RequestMenu
		if t, ok := d.Resolved.Messages[d.TargetID]; ok {
			q.Target = t.target()
		}
	case typing:
		q.Kind = RequestAutocomplete
	}
	options := d.Options
	for len(options) == 1 && (options[0].Type == OptionSubcommand || options[0].Type == OptionGroup) {
		q.Command += " " + options[0].Name
		options = options[0].Options
	}
	for _, o := range options {
		value := text(o.Value)
		q.Options[o.Name] = value
		if o.Focused {
			q.Focused, q.focusedKind = o.Name, o.Type
		}
		if o.Type == OptionAttachment {
			if a, ok := d.Resolved.Attachments[value]; ok {
				q.Attachments[o.Name] = Attachment{ID: a.ID, Name: a.Filename, ContentType: a.ContentType, URL: a.URL, Size: a.Size}
			}
		}
	}
}

// component notes a press, a choice or a form.
func (q *Request) component(d *interactionData, form bool) {
	q.Kind, q.Values = RequestComponent, d.Values
	if form {
		q.Kind = RequestModal
		q.fields(d.Components)
	}
	kind, args, ok := DecodeID(d.CustomID)
	if !ok {
		kind = d.CustomID // a form of id that is not ours: nothing will match
	}
	q.CustomKind, q.CustomArgs = kind, args
}

func (q *Request) fields(cs []modalComponent) {
	for _, c := range cs {
		if c.CustomID != "" {
			q.Fields[c.CustomID] = c.Value
		}
		q.fields(c.Components)
		if c.Component != nil {
			q.fields([]modalComponent{*c.Component})
		}
	}
}

// text returns a JSON value as text: strings without quotes, others as written.
func text(v json.RawMessage) string {
	var s string
	if json.Unmarshal(v, &s) == nil {
		return s
	}
	return string(bytes.TrimSpace(v))
}

func (t wireTarget) target() *Target {
	out := &Target{MessageID: t.ID, ChannelID: t.ChannelID, Content: t.Content}
	var all strings.Builder
	all.WriteString(t.Content)
	for _, e := range t.Embeds {
		all.WriteString("\n" + e.URL + "\n" + e.Description)
	}
	gather(&all, t.Components)
	out.Links = links(all.String())
	return out
}

func gather(b *strings.Builder, cs []linkComponent) {
	for _, c := range cs {
		b.WriteString("\n" + c.Content + "\n" + c.URL)
		if c.Accessory != nil {
			gather(b, []linkComponent{*c.Accessory})
		}
		gather(b, c.Components)
	}
}

// linkPattern matches web addresses in Discord's markdown, also inside <…> and
// as the target of a masked link.
var linkPattern = regexp.MustCompile(`https?://[^\s<>"|]+`)

// links returns the web addresses in s, in order, each once.
func links(s string) []string {
	var out []string
	seen := map[string]bool{}
	for _, found := range linkPattern.FindAllString(s, -1) {
		found = trimAddress(found)
		if u, err := url.Parse(found); err != nil || u.Host == "" || seen[found] {
			continue
		}
		seen[found] = true
		out = append(out, found)
	}
	return out
}

// trimAddress drops the punctuation of the sentence around an address, and
// a closing parenthesis that was not opened inside.
func trimAddress(s string) string {
	for {
		t := strings.TrimRight(s, ".,;:!?'*_~`]")
		if strings.HasSuffix(t, ")") && strings.Count(t, ")") > strings.Count(t, "(") {
			t = t[:len(t)-1]
		}
		if t == s {
			return s
		}
		s = t
	}
}
