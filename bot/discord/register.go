package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// wireCommand is Discord's form of a command, without what Discord adds.
type wireCommand struct {
	Type                     CommandKind       `json:"type"`
	Name                     string            `json:"name"`
	NameLocalizations        map[string]string `json:"name_localizations,omitempty"`
	Description              string            `json:"description,omitempty"`
	DescriptionLocalizations map[string]string `json:"description_localizations,omitempty"`
	DefaultMemberPermissions *string           `json:"default_member_permissions,omitempty"`
	Contexts                 []int             `json:"contexts,omitempty"`
	IntegrationTypes         []int             `json:"integration_types,omitempty"`
	NSFW                     bool              `json:"nsfw,omitempty"`
	Options                  []wireOption      `json:"options,omitempty"`
}

// wireOption is Discord's form of an option.
type wireOption struct {
	Type                     OptionKind        `json:"type"`
	Name                     string            `json:"name"`
	NameLocalizations        map[string]string `json:"name_localizations,omitempty"`
	Description              string            `json:"description"`
	DescriptionLocalizations map[string]string `json:"description_localizations,omitempty"`
	Required                 bool              `json:"required,omitempty"`
	Autocomplete             bool              `json:"autocomplete,omitempty"`
	Choices                  []wireChoice      `json:"choices,omitempty"`
	Options                  []wireOption      `json:"options,omitempty"`
	ChannelTypes             []ChannelKind     `json:"channel_types,omitempty"`
	MinValue                 *float64          `json:"min_value,omitempty"`
	MaxValue                 *float64          `json:"max_value,omitempty"`
	MinLength                int               `json:"min_length,omitempty"`
	MaxLength                int               `json:"max_length,omitempty"`
}

// wireChoice is Discord's form of a choice; its value is a string or a number.
type wireChoice struct {
	Name              string            `json:"name"`
	NameLocalizations map[string]string `json:"name_localizations,omitempty"`
	Value             any               `json:"value"`
}

// Register makes Discord's list of our commands equal to cmds and reports
// whether it had to be changed: it asks for the list first, since an
// unnecessary write can use up the day's allowance of new commands. The
// error is a *Error.
func (c *Client) Register(ctx context.Context, cmds []Command) (changed bool, err error) {
	app, err := c.applicationID(ctx)
	if err != nil {
		return false, err
	}
	path := "applications/" + id(app) + "/commands"
	var theirs []wireCommand
	if err := c.do(ctx, http.MethodGet, path+"?with_localizations=true", nil, &theirs); err != nil {
		return false, fmt.Errorf("ask for the registered commands: %w", err)
	}
	ours := make([]wireCommand, len(cmds))
	for i, cmd := range cmds {
		ours[i] = cmd.wire()
	}
	same, err := sameCommands(ours, theirs)
	if err != nil || same {
		return false, err
	}
	if err := c.do(ctx, http.MethodPut, path, ours, nil); err != nil {
		return false, fmt.Errorf("register commands: %w", err)
	}
	c.log.Info("commands registered", "count", len(ours))
	return true, nil
}

// sameCommands compares two lists whatever their order and whichever defaults
// they spell out.
func sameCommands(a, b []wireCommand) (bool, error) {
	x, err := canonical(a)
	if err != nil {
		return false, err
	}
	y, err := canonical(b)
	return bytes.Equal(x, y), err
}

func canonical(cmds []wireCommand) ([]byte, error) {
	out := make([]wireCommand, len(cmds))
	for i, c := range cmds {
		out[i] = c.normal()
	}
	sort.Slice(out, func(i, j int) bool {
		if out[i].Name != out[j].Name {
			return out[i].Name < out[j].Name
		}
		return out[i].Type < out[j].Type
	})
	b, err := json.Marshal(out)
	if err != nil {
		return nil, fmt.Errorf("compare commands: %w", err)
	}
	return b, nil
}

// normal spells out Discord's defaults and orders what has no order.
func (c wireCommand) normal() wireCommand {
	if c.Type == 0 {
		c.Type = ChatInput
	}
	if len(c.IntegrationTypes) == 0 {
		c.IntegrationTypes = []int{InstallGuild}
	}
	if len(c.Contexts) == 0 {
		c.Contexts = []int{ContextGuild, ContextBotDM}
		if slices.Contains(c.IntegrationTypes, InstallUser) {
			c.Contexts = append(c.Contexts, ContextPrivateChannel)
		}
	}
	c.IntegrationTypes = slices.Sorted(slices.Values(c.IntegrationTypes))
	c.Contexts = slices.Sorted(slices.Values(c.Contexts))
	c.Options = normalOptions(c.Options)
	return c
}

func normalOptions(in []wireOption) []wireOption {
	var out []wireOption
	for _, o := range in {
		o.Options = normalOptions(o.Options)
		o.ChannelTypes = slices.Sorted(slices.Values(o.ChannelTypes))
		o.Choices = slices.Clone(o.Choices)
		for i, ch := range o.Choices {
			if f, ok := ch.Value.(float64); ok {
				o.Choices[i].Value = strconv.FormatFloat(f, 'f', -1, 64)
			}
		}
		out = append(out, o)
	}
	return out
}

// wire returns c in Discord's form.
func (c Command) wire() wireCommand {
	w := wireCommand{
		Type: c.Kind, Name: c.Name, NameLocalizations: localizations(c.Names),
		Description: c.Description, DescriptionLocalizations: localizations(c.Descriptions),
		Contexts: c.Contexts, IntegrationTypes: c.Installs, Options: wireOptions(c.Options),
	}
	if w.Type == 0 {
		w.Type = ChatInput
	}
	if w.Type == MessageMenu {
		w.Description, w.DescriptionLocalizations = "", nil // menus have none
	}
	if c.Permissions != 0 {
		p := strconv.FormatInt(c.Permissions, 10)
		w.DefaultMemberPermissions = &p
	}
	if len(w.Contexts) == 0 {
		w.Contexts = []int{ContextGuild}
	}
	if len(w.IntegrationTypes) == 0 {
		w.IntegrationTypes = []int{InstallGuild}
	}
	return w
}

func wireOptions(in []Option) []wireOption {
	var out []wireOption
	for _, o := range in {
		w := wireOption{
			Type: o.Kind, Name: o.Name, NameLocalizations: localizations(o.Names),
			Description: o.Description, DescriptionLocalizations: localizations(o.Descriptions),
			Required: o.Required, Autocomplete: o.Autocomplete, Options: wireOptions(o.Options),
			ChannelTypes: o.ChannelKinds,
		}
		for _, ch := range o.Choices {
			w.Choices = append(w.Choices, ch.wire(o.Kind))
		}
		if o.Kind == OptionString {
			w.MinLength, w.MaxLength = o.Min, o.Max
		} else if o.Max != 0 {
			low, high := float64(o.Min), float64(o.Max)
			w.MinValue, w.MaxValue = &low, &high
		}
		out = append(out, w)
	}
	return out
}

// wire returns the choice in Discord's form for an option of the kind.
func (ch Choice) wire(kind OptionKind) wireChoice {
	w := wireChoice{Name: cut(ch.Name, 100), NameLocalizations: localizations(ch.Names), Value: ch.Value}
	if f, err := strconv.ParseFloat(ch.Value, 64); err == nil && (kind == OptionInteger || kind == OptionNumber) {
		w.Value = f
	}
	return w
}

// spellings are the locales Discord has for a language that we write once.
var spellings = map[string][]string{
	"en": {"en-US", "en-GB"}, "en-US": {"en-US", "en-GB"},
	"es": {"es-ES", "es-419"}, "es-ES": {"es-ES", "es-419"},
	"pt": {"pt-BR"}, "sv": {"sv-SE"}, "zh": {"zh-CN"},
}

// localizations returns the texts under Discord's names of their locales. A
// text given for a locale itself wins over one for its language.
func localizations(in map[string]string) map[string]string {
	if len(in) == 0 {
		return nil
	}
	out := map[string]string{}
	for locale, text := range in {
		for _, l := range spellings[locale] {
			if _, exact := in[l]; !exact {
				out[l] = text
			}
		}
		if len(spellings[locale]) == 0 || strings.Contains(locale, "-") {
			out[locale] = text
		}
	}
	return out
}
