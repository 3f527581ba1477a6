package command

import (
	"cmp"
	"context"
	"errors"

	"broadsheet/bot/digest"
	"broadsheet/bot/discord"
	"broadsheet/bot/store"
	"broadsheet/summarize"
)

// Condense returns the sentences of a's card in the given length: those kept
// from an earlier time, else new ones, which are then kept if they can be. It returns none
// where a has no text worth condensing; the card then is the headline alone.
func Condense(ctx context.Context, s *store.Store, a digest.Article, length string) ([]string, error) {
	if length == "" {
		length = LengthShort
	}
	kept, found, err := s.Summary(ctx, a.ID, length)
	if err != nil {
		return nil, err
	}
	if found {
		return kept, nil
	}
	sentences := CondenseText(a.Title, a.Text, a.Lang, length)
	err = s.SaveSummary(ctx, a.ID, length, sentences)
	for _, harmless := range []error{store.ErrNotFound, store.ErrReadOnly, store.ErrFull} {
		if errors.Is(err, harmless) {
			return sentences, nil // reading goes on where nothing can be kept
		}
	}
	if err != nil {
		return nil, err
	}
	return sentences, nil
}

// shortWords keeps a card to two or three sentences that a phone shows at once.
const shortWords = 65

// CondenseText is Condense for a text that is not stored.
func CondenseText(title, text, lang, length string) []string {
	condense := summarize.Card
	if length == LengthLong {
		// Who asks for the longer summary wants the text, also of a short piece.
		condense = summarize.Summarize
	}
	summary, err := condense(title, text, lengthOptions(lang, length))
	if err != nil {
		// Empty, binary or too short: the headline says all there is.
		return nil
	}
	return summary.Sentences
}

// askedFor is a summary in the length that a member asked for. Unlike a card's
// it is never left out because the text is short.
func askedFor(title, text, lang, length string) []string {
	summary, err := summarize.Summarize(title, text, lengthOptions(lang, length))
	if err != nil {
		return nil // empty or binary
	}
	return summary.Sentences
}

func lengthOptions(lang, length string) summarize.Options {
	switch length {
	case LengthLine:
		return summarize.Options{Lang: lang, Words: shortWords, Sentences: 1}
	case LengthLong:
		return summarize.Options{Lang: lang, Sentences: 5}
	}
	return summarize.Options{Lang: lang, Words: shortWords}
}

// askedLength is the request's length option, usual where it is left out.
func askedLength(r *discord.Request, usual string) (string, error) {
	length := r.Options["length"]
	if !validLength(length) {
		return "", refuse(r, "error.choice", "value", discord.Escape(line(length, maxShown)))
	}
	return cmp.Or(length, usual), nil
}

// DigestArticle is a stored article as package digest sees it.
func DigestArticle(a store.Article) digest.Article {
	return digest.Article{
		ID: a.ID, FeedID: a.FeedID, Source: a.FeedTitle, Title: a.Title, Link: a.Link, Text: a.Text, Lang: a.Language,
		Author: a.Author, Image: a.Image, Categories: a.Categories, Published: a.Published, Seen: a.Seen,
		Weight: a.Weight, Votes: a.Votes,
	}
}

// DigestArticles is DigestArticle for many.
func DigestArticles(articles []store.Article) []digest.Article {
	out := make([]digest.Article, len(articles))
	for i, a := range articles {
		out[i] = DigestArticle(a)
	}
	return out
}
