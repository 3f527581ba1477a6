package discordsim

import (
	"slices"
	"strings"
)

// place is where a message body arrived, which decides the rules for it.
type place struct {
	was         *message // the message being edited, nil on create
	interaction bool     // a callback, a followup or an edit of one
	files       []File   // uploaded with the request
	deferral    bool     // callback type 5: only EPHEMERAL may be set
}

// judgeMessage applies the rules for messages that Discord's document lacks or
// that it states too loosely (the reference, "Create Message", "Embed Limits",
// "Component Reference"; lengths are code points after trimming).
func judgeMessage(body object, p place) problems {
	var ps problems
	ps.length("content", text(body, "content"), 2000)
	judgeFlags(&ps, body, p)
	judgeEmbeds(&ps, objects(body, "embeds"))
	judgeComponents(&ps, objects(body, "components"), p, usesV2(body, p))
	judgeLegacyFields(&ps, body, p)
	judgeMentions(&ps, body, p)
	judgeNonce(&ps, body)
	judgeAttachments(&ps, body, p)
	return ps
}

// usesV2 reports whether the message is one of Components V2 after this request.
func usesV2(body object, p place) bool {
	return integer(body, "flags")&flagComponentsV2 != 0 || p.was != nil && p.was.flags&flagComponentsV2 != 0
}

func judgeFlags(ps *problems, body object, p place) {
	flags, present := number(body, "flags")
	allowed := int64(flagsOnCreate)
	switch {
	case p.deferral:
		allowed = flagEphemeral
	case p.was != nil && p.interaction:
		// Discord ignores EPHEMERAL in an edit, so a client may leave it set.
		allowed = flagsOnEdit | flagEphemeral
	case p.was != nil:
		allowed = flagsOnEdit
	case p.interaction:
		allowed |= flagEphemeral
	}
	if flags&^allowed != 0 {
		ps.add("flags", "MESSAGE_INVALID_FLAGS", "Flags %d may not be set here.", flags&^allowed)
	}
	if p.was != nil && present && p.was.flags&flagComponentsV2 != 0 && flags&flagComponentsV2 == 0 {
		ps.add("flags", "MESSAGE_CANNOT_REMOVE_COMPONENTS_V2_FLAG", "The IS_COMPONENTS_V2 flag cannot be removed.")
	}
}

func judgeEmbeds(ps *problems, embeds []object) {
	if len(embeds) > 10 {
		ps.add("embeds", "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.")
	}
	total, urls := 0, map[string]bool{}
	for i, e := range embeds {
		total += judgeEmbed(ps, at("embeds", i), e)
		if url := text(e, "url"); url != "" && urls[url] {
			ps.frown(at("embeds", i, "url"), "EMBED_URL_REPEATED", "Of embeds with the same url only the first is shown.")
		} else {
			urls[url] = true
		}
	}
	if total > 6000 {
		ps.add("embeds", "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000")
	}
}

// judgeEmbed returns the embed's size, as it counts towards the 6,000.
func judgeEmbed(ps *problems, path string, e object) int {
	title, description := text(e, "title"), text(e, "description")
	footer, author := text(child(e, "footer"), "text"), text(child(e, "author"), "name")
	ps.length(at(path, "title"), title, 256)
	ps.length(at(path, "description"), description, 4096)
	ps.length(at(path, "footer", "text"), footer, 2048)
	ps.length(at(path, "author", "name"), author, 256)
	ps.length(at(path, "url"), text(e, "url"), 2048)
	size := runes(title) + runes(description) + runes(footer) + runes(author)
	fields := objects(e, "fields")
	if len(fields) > 25 {
		ps.add(at(path, "fields"), "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
	}
	for i, f := range fields {
		ps.between(at(path, "fields", i, "name"), text(f, "name"), 1, 256)
		ps.between(at(path, "fields", i, "value"), text(f, "value"), 1, 1024)
		size += runes(text(f, "name")) + runes(text(f, "value"))
	}
	return size
}

// judgeLegacyFields checks what a V2 message may not carry, and that a message
// is not empty.
func judgeLegacyFields(ps *problems, body object, p place) {
	if p.deferral {
		return
	}
	content, embeds := strings.TrimSpace(text(body, "content")), list(body, "embeds")
	if usesV2(body, p) {
		for key, there := range map[string]bool{
			"content": content != "", "embeds": len(embeds) > 0, "poll": child(body, "poll") != nil,
			"sticker_ids": len(list(body, "sticker_ids")) > 0,
		} {
			if there {
				ps.add(key, "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
					"The 'content', 'embeds', 'poll' and 'stickers' fields cannot be used when using MessageFlags.IS_COMPONENTS_V2")
			}
		}
		if p.was != nil && p.was.flags&flagComponentsV2 == 0 {
			judgeConversion(ps, body, p.was)
		}
	}
	if emptyAfter(body, p) {
		ps.add("", codeEmpty, "Cannot send an empty message")
	}
}

// judgeConversion: an edit that turns a message into V2 must clear what it had.
func judgeConversion(ps *problems, body object, was *message) {
	if _, given := body["content"]; was.content != "" && !given {
		ps.add("content", "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", "Set content to null when adding IS_COMPONENTS_V2.")
	}
	if _, given := body["embeds"]; len(was.embeds) > 0 && !given {
		ps.add("embeds", "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", "Set embeds to null when adding IS_COMPONENTS_V2.")
	}
}

// codeEmpty marks the problem that Discord answers with 50006.
const codeEmpty = "EMPTY_MESSAGE"

// emptyAfter reports whether nothing would be left to show.
func emptyAfter(body object, p place) bool {
	has := func(key string, before bool) bool {
		v, given := body[key]
		if !given {
			return before
		}
		switch v := v.(type) {
		case string:
			return strings.TrimSpace(v) != ""
		case []any:
			return len(v) > 0
		case object:
			return true
		}
		return false
	}
	was := p.was
	if was == nil {
		was = &message{}
	}
	return !has("content", was.content != "") && !has("embeds", len(was.embeds) > 0) &&
		!has("components", len(was.components) > 0) && !has("attachments", len(was.attachments) > 0) &&
		!has("poll", false) && !has("sticker_ids", false) && len(p.files) == 0
}

// judgeMentions wants allowed_mentions in every message that could ping: where
// it is absent, an @everyone in a headline pings everyone.
func judgeMentions(ps *problems, body object, p place) {
	if p.deferral {
		return
	}
	_, content := body["content"]
	_, components := body["components"]
	allowed, given := body["allowed_mentions"].(object)
	if !given {
		if p.was == nil || content || components {
			ps.frown("allowed_mentions", "ALLOWED_MENTIONS_MISSING", "Without allowed_mentions everything in the text pings.")
		}
		return
	}
	parse, isList := allowed["parse"].([]any)
	if _, there := allowed["parse"]; there && !isList {
		ps.frown("allowed_mentions.parse", "ALLOWED_MENTIONS_MISSING", "parse is null, which does not forbid mentions: send [].")
	}
	for _, kind := range []string{"users", "roles"} {
		ids := list(allowed, kind)
		if len(ids) > 0 && slices.Contains(parse, any(kind)) {
			ps.add(at("allowed_mentions", kind), "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", "parse:[\"%s\"] and %s: [ids...] are mutually exclusive.", kind, kind)
		}
		if len(ids) > 100 {
			ps.add(at("allowed_mentions", kind), "BASE_TYPE_MAX_LENGTH", "Must be 100 or fewer in length.")
		}
	}
}

func judgeNonce(ps *problems, body object) {
	ps.length("nonce", text(body, "nonce"), 25)
	if boolean(body, "enforce_nonce") && (body["nonce"] == nil || body["nonce"] == "") {
		ps.frown("nonce", "NONCE_MISSING", "enforce_nonce without a nonce enforces nothing.")
	}
}

// judgeAttachments checks that what the body says of files agrees with the
// files of the request.
func judgeAttachments(ps *problems, body object, p place) {
	ps.count("attachments", len(list(body, "attachments")), 0, 10)
	if len(p.files) > 10 {
		ps.add("files", "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.")
	}
	total := 0
	for i, f := range p.files {
		total += len(f.Data)
		if len(f.Data) > 10<<20 {
			ps.add(at("files", i), "BASE_TYPE_MAX_LENGTH", "File is larger than 10 MiB.")
		}
	}
	if total > 25<<20 {
		ps.add("", codeTooLarge, "Request entity too large")
	}
}

// codeTooLarge marks the problem that Discord answers with 40005.
const codeTooLarge = "ENTITY_TOO_LARGE"
