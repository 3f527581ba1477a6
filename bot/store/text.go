package store

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/cespare/xxhash/v2"
)

// clean makes foreign text storable: PostgreSQL refuses invalid UTF-8 and NUL.
func clean(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if strings.IndexByte(s, 0) >= 0 {
		s = strings.ReplaceAll(s, "\x00", "")
	}
	return s
}

// pack compresses a text and hashes it.
func (s *Store) pack(text string) (hash int64, body []byte) {
	b := []byte(text)
	return int64(xxhash.Sum64(b)), s.enc.EncodeAll(b, make([]byte, 0, len(b)/2+64))
}

// unpack is the inverse of pack. A hash that does not fit is ErrCorrupt.
func (s *Store) unpack(hash int64, body []byte) (string, error) {
	b, err := s.dec.DecodeAll(body, nil)
	if err != nil {
		return "", fmt.Errorf("decompress an article: %w: %w", ErrCorrupt, err)
	}
	if int64(xxhash.Sum64(b)) != hash {
		return "", fmt.Errorf("read an article: %w: its text has changed on disk", ErrCorrupt)
	}
	return string(b), nil
}

// list stores strings as JSON; nil and empty are "[]".
func list(all []string) string {
	if len(all) == 0 {
		return "[]"
	}
	b, err := json.Marshal(all)
	if err != nil { // strings always marshal
		return "[]"
	}
	return clean(string(b))
}

// unlist is the inverse of list; an empty list is nil.
func unlist(text string) ([]string, error) {
	if text == "" || text == "[]" {
		return nil, nil
	}
	var all []string
	if err := json.Unmarshal([]byte(text), &all); err != nil {
		return nil, fmt.Errorf("read a list: %w", err)
	}
	return all, nil
}
