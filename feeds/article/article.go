// Package article extracts the main text of a web page.
package article

import (
	"context"
	"errors"
	"time"
)

// Article is what is worth reading on a page.
type Article struct {
	// URL is the page's canonical address.
	URL string
	// Title is the headline, Byline the author as printed; "" if unknown.
	Title, Byline string
	// Published is zero if unknown.
	Published time.Time
	// Language is the BCP 47 tag the page claims, "" if none.
	Language string
	// Image is the address of the lead picture, "" if none.
	Image string
	// Text is the main text, paragraphs separated by blank lines.
	Text string
}

// Known tells what has been seen on other pages of the same host.
type Known interface {
	// Repeated reports whether the block of text is known as part of the
	// site's furniture.
	Repeated(block string) bool
}

// Extract returns the main text of a page.
func Extract(ctx context.Context, html []byte, contentType, pageURL string, known Known) (Article, error) {
	return Article{}, errors.ErrUnsupported
}
