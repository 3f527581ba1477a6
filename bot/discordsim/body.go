package discordsim

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"regexp"
)

// fileField is how a form names its files: files[0], or file by older clients.
var fileField = regexp.MustCompile(`^files?(\[[0-9]+\]|[0-9]*)$`)

// readBody decodes the request's body: JSON, or a form whose payload_json is
// the JSON and whose other parts are files. bad is true when it cannot be.
func (c *call) readBody() (r reply, bad bool) {
	if len(c.rawBody) == 0 {
		return reply{}, false
	}
	kind, params, err := mime.ParseMediaType(c.header.Get("Content-Type"))
	if err != nil {
		return badJSON(fmt.Errorf("read Content-Type: %w", err)), true
	}
	switch kind {
	case "application/json":
	case "multipart/form-data":
		if err := c.readForm(params["boundary"]); err != nil {
			return badJSON(err), true
		}
	default:
		return badJSON(fmt.Errorf("Content-Type %q is neither JSON nor a form", kind)), true
	}
	if len(c.rawBody) == 0 {
		return reply{}, false
	}
	if c.body, err = decodeJSON(c.rawBody); err != nil {
		return badJSON(err), true
	}
	return reply{}, false
}

func (c *call) readForm(boundary string) error {
	form := multipart.NewReader(bytes.NewReader(c.rawBody), boundary)
	c.rawBody = nil
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read form: %w", err)
		}
		data, err := io.ReadAll(part)
		if err != nil {
			return fmt.Errorf("read part %s: %w", part.FormName(), err)
		}
		switch name := part.FormName(); {
		case name == "payload_json":
			c.rawBody = data
		case fileField.MatchString(name):
			c.files = append(c.files, File{Name: part.FileName(), ContentType: part.Header.Get("Content-Type"), Data: data})
		default:
			return fmt.Errorf("form part %q is neither payload_json nor files[n]", name)
		}
	}
}
