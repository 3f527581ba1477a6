package discordsim

import (
	"slices"
	"strings"
)

// judgeComponents applies the rules for a message's components: V2 or legacy,
// 40 in all counting nested ones, 4,000 characters of text in all, ids unique.
func judgeComponents(ps *problems, cs []object, p place, v2 bool) {
	if !v2 {
		ps.count("components", len(cs), 0, 5)
	}
	count, chars := 0, 0
	customIDs, ids := map[string]bool{}, map[int64]bool{}
	walkComponents(cs, "components", func(path string, c object, parent int) {
		count++
		t := integer(c, "type")
		if isV2(t) && !v2 {
			ps.add(path, "UNION_TYPE_CHOICES", "Component type %d needs the IS_COMPONENTS_V2 flag.", t)
		}
		if !mayHold(parent, t, v2) {
			ps.add(at(path, "type"), "UNION_TYPE_CHOICES", "Value of field \"type\" must not be %d here.", t)
		}
		if t == typeTextDisplay {
			chars += runes(text(c, "content"))
		}
		if id := text(c, "custom_id"); id != "" && customIDs[id] {
			ps.add(at(path, "custom_id"), "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
		} else {
			customIDs[id] = true
		}
		judgeComponentID(ps, path, c, ids)
		judgeComponent(ps, path, c, p)
	})
	if count > 40 {
		ps.add("components", "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", "The total number of components must not exceed 40, got %d", count)
	}
	if chars > 4000 {
		ps.add("components", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", "The total displayable text size of components exceeds the maximum of 4000, got %d", chars)
	}
}

func judgeComponentID(ps *problems, path string, c object, seen map[int64]bool) {
	id, given := number(c, "id")
	switch {
	case !given || id == 0:
	case id < 0 || id > 1<<31-1:
		ps.add(at(path, "id"), "NUMBER_TYPE_MAX", "int32 value should be between 0 and 2147483647.")
	case seen[id]:
		ps.add(at(path, "id"), "COMPONENT_ID_DUPLICATED", "Component id cannot be duplicated")
	default:
		seen[id] = true
	}
}

// mayHold is the table of what may sit in what, for messages.
func mayHold(parent, t int, v2 bool) bool {
	switch parent {
	case 0:
		return t == typeActionRow || v2 && slices.Contains([]int{typeSection, typeTextDisplay, typeGallery, typeFile, typeSeparator, typeContainer}, t)
	case typeContainer:
		return slices.Contains([]int{typeActionRow, typeSection, typeTextDisplay, typeGallery, typeFile, typeSeparator}, t)
	case typeActionRow:
		return t == typeButton || isSelect(t)
	case typeSection:
		return t == typeTextDisplay || t == typeButton || t == typeThumbnail
	}
	return false
}

func judgeComponent(ps *problems, path string, c object, p place) {
	switch t := integer(c, "type"); {
	case t == typeActionRow:
		judgeRow(ps, path, c)
	case t == typeButton:
		judgeButton(ps, path, c)
	case isSelect(t):
		judgeSelect(ps, path, c, 25)
	case t == typeSection:
		ps.count(at(path, "components"), len(list(c, "components")), 1, 3)
		acc := integer(child(c, "accessory"), "type")
		if acc != typeButton && acc != typeThumbnail {
			ps.required(at(path, "accessory"))
		}
		for i, sub := range objects(c, "components") {
			if integer(sub, "type") != typeTextDisplay {
				ps.add(at(path, "components", i, "type"), "UNION_TYPE_CHOICES", "A section holds text displays.")
			}
		}
	case t == typeTextDisplay:
		ps.between(at(path, "content"), text(c, "content"), 1, 4000)
	case t == typeThumbnail:
		ps.length(at(path, "description"), text(c, "description"), 1024)
		judgeMedia(ps, at(path, "media"), child(c, "media"), p)
	case t == typeGallery:
		ps.count(at(path, "items"), len(list(c, "items")), 1, 10)
		for i, item := range objects(c, "items") {
			ps.length(at(path, "items", i, "description"), text(item, "description"), 1024)
			judgeMedia(ps, at(path, "items", i, "media"), child(item, "media"), p)
		}
	case t == typeFile:
		judgeMedia(ps, at(path, "file"), child(c, "file"), p)
	case t == typeContainer:
		ps.count(at(path, "components"), len(list(c, "components")), 1, 40)
	}
}

func judgeRow(ps *problems, path string, c object) {
	subs := objects(c, "components")
	buttons := 0
	for _, sub := range subs {
		if integer(sub, "type") == typeButton {
			buttons++
		}
	}
	if buttons == len(subs) {
		ps.count(at(path, "components"), len(subs), 1, 5)
	} else if len(subs) != 1 {
		ps.add(at(path, "components"), "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "A row holds up to five buttons or one select menu.")
	}
}

func judgeButton(ps *problems, path string, c object) {
	style := integer(c, "style")
	ps.length(at(path, "label"), text(c, "label"), 80)
	if style < 1 || style > stylePremium {
		ps.add(at(path, "style"), "ENUM_TYPE_COERCE", "Value %d is not a button style.", style)
	}
	if text(c, "label") == "" && child(c, "emoji") == nil && style != stylePremium {
		ps.add(path, "BUTTON_COMPONENT_INVALID", "A button must have a label or an emoji.")
	}
	switch {
	case style == styleLink:
		if text(c, "custom_id") != "" {
			ps.add(path, "BUTTON_COMPONENT_INVALID_URL_OR_CUSTOM_ID", "A link button may not have a custom id.")
		}
		ps.between(at(path, "url"), text(c, "url"), 1, 512)
		judgeLink(ps, at(path, "url"), text(c, "url"), "http", "https", "discord")
	case style != stylePremium:
		if text(c, "url") != "" {
			ps.add(path, "BUTTON_COMPONENT_INVALID_URL_OR_CUSTOM_ID", "Only a link button may have a url.")
		}
		ps.between(at(path, "custom_id"), text(c, "custom_id"), 1, 100)
	}
}

func judgeSelect(ps *problems, path string, c object, most int) {
	ps.between(at(path, "custom_id"), text(c, "custom_id"), 1, 100)
	ps.length(at(path, "placeholder"), text(c, "placeholder"), 150)
	least, given := number(c, "min_values")
	if !given {
		least = 1
	}
	highest, given := number(c, "max_values")
	if !given {
		highest = 1
	}
	if least < 0 || highest < 1 || highest > int64(most) || least > highest {
		ps.add(at(path, "max_values"), "BASE_TYPE_BAD_LENGTH", "min_values %d and max_values %d do not fit.", least, highest)
	}
	if integer(c, "type") != typeSelect {
		return
	}
	options := objects(c, "options")
	ps.count(at(path, "options"), len(options), 1, most)
	if highest > int64(len(options)) {
		ps.add(at(path, "max_values"), "BASE_TYPE_BAD_LENGTH", "max_values %d is more than there are options.", highest)
	}
	values, chosen := map[string]bool{}, int64(0)
	for i, o := range options {
		opt := at(path, "options", i)
		ps.between(at(opt, "label"), text(o, "label"), 1, 100)
		ps.between(at(opt, "value"), text(o, "value"), 1, 100)
		ps.length(at(opt, "description"), text(o, "description"), 100)
		if values[text(o, "value")] {
			ps.add(at(opt, "value"), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "The specified option value is already used")
		}
		values[text(o, "value")] = true
		if boolean(o, "default") {
			chosen++
		}
	}
	if chosen > highest {
		ps.add(at(path, "options"), "SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES", "More defaults than max_values.")
	}
}

func judgeLink(ps *problems, path, url string, schemes ...string) {
	scheme, _, ok := strings.Cut(url, "://")
	if url != "" && (!ok || !slices.Contains(schemes, scheme)) {
		ps.add(path, "URL_TYPE_INVALID_SCHEME", "Scheme must be one of ('%s').", strings.Join(schemes, "', '"))
	}
}

// judgeMedia: an address of the web, or a file of this very request (or of the
// message being edited).
func judgeMedia(ps *problems, path string, media object, p place) {
	url := text(media, "url")
	ps.between(at(path, "url"), url, 1, 2048)
	judgeLink(ps, at(path, "url"), url, "http", "https", "attachment")
	name, isFile := strings.CutPrefix(url, "attachment://")
	if !isFile {
		return
	}
	known := slices.ContainsFunc(p.files, func(f File) bool { return f.Name == name })
	if p.was != nil {
		known = known || slices.ContainsFunc(p.was.files, func(f File) bool { return f.Name == name })
	}
	if !known {
		ps.add(at(path, "url"), "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", "The referenced attachment was not found")
	}
}
