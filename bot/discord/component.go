package discord

// ComponentType is Discord's number for a kind of component.
type ComponentType int

// Component types. Source: Discord's documentation, "Component Reference".
const (
	TypeRow       ComponentType = 1
	TypeButton    ComponentType = 2
	TypeSelect    ComponentType = 3
	TypeTextInput ComponentType = 4
	TypeSection   ComponentType = 9
	TypeText      ComponentType = 10
	TypeThumbnail ComponentType = 11
	TypeGallery   ComponentType = 12
	TypeFile      ComponentType = 13
	TypeSeparator ComponentType = 14
	TypeContainer ComponentType = 17
)

// Button styles.
const (
	StylePrimary   = 1
	StyleSecondary = 2
	StyleSuccess   = 3
	StyleDanger    = 4
	StyleLink      = 5
)

// Emoji is a Unicode emoji, or one of a guild's own when ID is not 0.
type Emoji struct {
	ID   int64  `json:"id,omitempty,string"`
	Name string `json:"name,omitempty"`
}

// SelectOption is one line of a select menu: label, value and description of at
// most 100 code points each.
type SelectOption struct {
	Label       string `json:"label"`
	Value       string `json:"value"`
	Description string `json:"description,omitempty"`
	Emoji       *Emoji `json:"emoji,omitempty"`
	Default     bool   `json:"default,omitempty"`
}

// Media is a picture's or file's address: https://… or attachment://name.
type Media struct {
	URL string `json:"url"`
}

// GalleryItem is one picture of a gallery.
type GalleryItem struct {
	Media       Media  `json:"media"`
	Description string `json:"description,omitempty"`
	Spoiler     bool   `json:"spoiler,omitempty"`
}

// Component is any of Discord's components, in Discord's wire form; the fields
// that its Type does not have stay zero. Build one with the functions of this
// file.
type Component struct {
	Type        ComponentType  `json:"type"`
	ID          int            `json:"id,omitempty"`
	CustomID    string         `json:"custom_id,omitempty"`
	Style       int            `json:"style,omitempty"`
	Label       string         `json:"label,omitempty"`
	Emoji       *Emoji         `json:"emoji,omitempty"`
	URL         string         `json:"url,omitempty"`
	Disabled    bool           `json:"disabled,omitempty"`
	Placeholder string         `json:"placeholder,omitempty"`
	Options     []SelectOption `json:"options,omitempty"`
	MinValues   *int           `json:"min_values,omitempty"`
	MaxValues   int            `json:"max_values,omitempty"`
	Components  []Component    `json:"components,omitempty"`
	Accessory   *Component     `json:"accessory,omitempty"`
	Content     string         `json:"content,omitempty"`
	Media       *Media         `json:"media,omitempty"`
	Description string         `json:"description,omitempty"`
	Items       []GalleryItem  `json:"items,omitempty"`
	File        *Media         `json:"file,omitempty"`
	Divider     *bool          `json:"divider,omitempty"`
	Spacing     int            `json:"spacing,omitempty"`
	AccentColor *int           `json:"accent_color,omitempty"`
	Spoiler     bool           `json:"spoiler,omitempty"`
	// Fields of text inputs, which only modals have.
	Value     string `json:"value,omitempty"`
	MinLength int    `json:"min_length,omitempty"`
	MaxLength int    `json:"max_length,omitempty"`
	Required  *bool  `json:"required,omitempty"`
}

// Text returns a text display. s is Discord markdown: foreign text goes through
// Escape first.
func Text(s string) Component { return Component{Type: TypeText, Content: s} }

// Section returns one to three texts beside an accessory (a thumbnail or a
// button).
func Section(accessory Component, texts ...string) Component {
	c := Component{Type: TypeSection, Accessory: &accessory}
	for _, t := range texts {
		c.Components = append(c.Components, Text(t))
	}
	return c
}

// Thumbnail returns the small picture of a section; alt describes it.
func Thumbnail(url, alt string) Component {
	return Component{Type: TypeThumbnail, Media: &Media{URL: url}, Description: cut(alt, 1024)}
}

// Gallery returns up to ten pictures side by side.
func Gallery(items ...GalleryItem) Component {
	return Component{Type: TypeGallery, Items: items}
}

// Container returns a box with a coloured edge around components; color is
// 0xRRGGBB, and a negative color means none.
func Container(color int, cs ...Component) Component {
	c := Component{Type: TypeContainer, Components: cs}
	if color >= 0 {
		c.AccentColor = &color
	}
	return c
}

// Separator returns a thin line with a little space around it.
func Separator() Component {
	divider := true
	return Component{Type: TypeSeparator, Divider: &divider, Spacing: 1}
}

// Row returns an action row: up to five buttons, or one select menu.
func Row(cs ...Component) Component { return Component{Type: TypeRow, Components: cs} }

// Button returns a button that answers with customID (see EncodeID). style is
// one of the Style constants; emoji is a Unicode emoji or empty.
func Button(style int, customID, label, emoji string) Component {
	c := Component{Type: TypeButton, Style: style, CustomID: customID, Label: cut(label, 80)}
	if emoji != "" {
		c.Emoji = &Emoji{Name: emoji}
	}
	return c
}

// LinkButton returns a button that opens url in the reader's browser.
func LinkButton(url, label string) Component {
	return Component{Type: TypeButton, Style: StyleLink, URL: url, Label: cut(label, 80)}
}

// Select returns a menu of at most 25 options of which one may be chosen.
// Labels, values, descriptions and the placeholder are cut to Discord's limits.
func Select(customID, placeholder string, opts ...SelectOption) Component {
	for i := range opts {
		opts[i].Label = cut(opts[i].Label, 100)
		opts[i].Description = cut(opts[i].Description, 100)
	}
	return Component{Type: TypeSelect, CustomID: customID, Placeholder: cut(placeholder, 150), Options: opts}
}

// v2 reports whether the component makes its message a Components V2 message.
func (c Component) v2() bool {
	switch c.Type {
	case TypeSection, TypeText, TypeThumbnail, TypeGallery, TypeFile, TypeSeparator, TypeContainer:
		return true
	}
	return false
}

// count returns how many components c is, itself and nested ones included.
func (c Component) count() int {
	n := 1
	if c.Accessory != nil {
		n += c.Accessory.count()
	}
	for _, d := range c.Components {
		n += d.count()
	}
	return n
}

// text returns how many code points of text displays c holds.
func (c Component) text() int {
	n := 0
	if c.Type == TypeText {
		n = runes(c.Content)
	}
	for _, d := range c.Components {
		n += d.text()
	}
	return n
}
