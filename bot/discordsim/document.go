package discordsim

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// documentURL names the document inside the compiler; nothing is fetched.
const documentURL = "mem:///openapi.json"

// Document is Discord's OpenAPI document, ready to judge. Schemas are compiled
// when first needed. It may be shared by many Sims, also across synctest
// bubbles. A nil Document judges nothing.
type Document struct {
	paths object

	mu       sync.Mutex // the compiler is not safe for concurrent use
	compiler *jsonschema.Compiler
	schemas  map[string]*jsonschema.Schema
}

// ParseDocument reads an OpenAPI 3.1 document. Its integers are made to accept
// digit strings too: the document says integer for default_member_permissions,
// the reference says string, and Discord takes either for any integer.
func ParseDocument(b []byte) (*Document, error) {
	parsed, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("parse OpenAPI document: %w", err)
	}
	root, isObject := parsed.(object)
	if !isObject || child(root, "paths") == nil {
		return nil, errors.New("parse OpenAPI document: it has no paths")
	}
	relaxIntegers(root)
	relaxSnowflake(root)
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	if err := c.AddResource(documentURL, root); err != nil {
		return nil, fmt.Errorf("parse OpenAPI document: %w", err)
	}
	return &Document{paths: child(root, "paths"), compiler: c, schemas: map[string]*jsonschema.Schema{}}, nil
}

// relaxSnowflake lets an id be a number too: the reference numbers a message's
// uploads so, and Discord takes it.
func relaxSnowflake(root object) {
	schemas := child(child(root, "components"), "schemas")
	if strict := child(schemas, "SnowflakeType"); strict != nil {
		schemas["SnowflakeType"] = object{"anyOf": []any{strict, object{"type": "integer", "minimum": json.Number("0")}}}
	}
}

// relaxIntegers rewrites {"type":"integer", …} to anyOf it or a digit string.
func relaxIntegers(v any) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			relaxIntegers(e)
		}
	case object:
		for key, e := range v {
			if key != "enum" && key != "const" && key != "default" {
				relaxIntegers(e)
			}
		}
		relaxInteger(v)
	}
}

func relaxInteger(o object) {
	strict := object{}
	switch t := o["type"].(type) {
	case string:
		if t != "integer" {
			return
		}
	case []any:
		if !containsInteger(t) {
			return
		}
	default:
		return
	}
	for key, e := range o {
		strict[key] = e
		delete(o, key)
	}
	o["anyOf"] = []any{strict, object{"type": "string", "pattern": "^-?[0-9]+$"}}
}

func containsInteger(types []any) bool {
	for _, t := range types {
		if t == "integer" {
			return true
		}
	}
	return false
}

// schema compiles the schema at a JSON pointer below the document, nil when
// there is none.
func (d *Document) schema(pointer string) (*jsonschema.Schema, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if s, done := d.schemas[pointer]; done {
		return s, nil
	}
	s, err := d.compiler.Compile(documentURL + "#" + pointer)
	if err != nil {
		return nil, fmt.Errorf("compile %s: %w", pointer, err)
	}
	d.schemas[pointer] = s
	return s, nil
}

// operation finds a route's operation in the document.
func (d *Document) operation(c *call) (op object, pointer string) {
	if d == nil || c.route == nil {
		return nil, ""
	}
	method := strings.ToLower(c.method)
	op = child(child(d.paths, c.route.template), method)
	return op, "/paths/" + pointerPart(c.route.template) + "/" + method
}

// pointerPart escapes a member's name for a JSON pointer in a URL fragment.
func pointerPart(s string) string {
	s = strings.NewReplacer("~", "~0", "/", "~1").Replace(s)
	return strings.NewReplacer("{", "%7B", "}", "%7D", "@", "%40").Replace(s)
}

// judge validates a request's JSON body.
func (d *Document) judge(c *call) problems {
	op, pointer := d.operation(c)
	content := child(child(op, "requestBody"), "content")
	if child(content, "application/json") == nil {
		return nil
	}
	if c.body == nil && len(c.files) > 0 {
		return nil
	}
	schema, err := d.schema(pointer + "/requestBody/content/application~1json/schema")
	if err != nil {
		return problems{{code: "DOCUMENT", text: err.Error()}}
	}
	return asProblems(schema.Validate(c.body))
}

// judgeReply validates an answer of ours.
func (d *Document) judgeReply(c *call, r reply) error {
	op, pointer := d.operation(c)
	if op == nil {
		return nil
	}
	status := fmt.Sprint(r.status)
	switch {
	case r.status == http.StatusTooManyRequests:
		status = "429"
	case r.status >= 400 && r.status < 500:
		status = "4XX"
	case r.status >= 500:
		return nil
	}
	answer := child(child(op, "responses"), status)
	if answer == nil {
		return fmt.Errorf("the document knows no answer %s here", status)
	}
	if ref := text(answer, "$ref"); ref != "" {
		pointer = strings.TrimPrefix(ref, "#")
	} else {
		pointer += "/responses/" + status
		if child(child(answer, "content"), "application/json") == nil {
			if r.body != nil {
				return fmt.Errorf("the document knows no body of answer %s", status)
			}
			return nil
		}
	}
	schema, err := d.schema(pointer + "/content/application~1json/schema")
	if err != nil {
		return err
	}
	body := plain(r.body)
	if o, isObject := body.(object); isObject && status == "4XX" {
		// The document wants numbers for the codes in the errors tree; the
		// reference and Discord have words.
		delete(o, "errors")
	}
	if err := schema.Validate(body); err != nil {
		return fmt.Errorf("validate: %w", err)
	}
	return nil
}

// asProblems turns a validation error into problems that a person can use: of
// the alternatives of a union those that got past the "type" that tells them
// apart, and of what remains the deepest causes.
func asProblems(err error) problems {
	var invalid *jsonschema.ValidationError
	if !errors.As(err, &invalid) {
		return nil
	}
	leaves := causes(invalid)
	depth := 0
	for _, e := range leaves {
		depth = max(depth, len(e.InstanceLocation))
	}
	var ps problems
	seen := map[string]bool{}
	for _, e := range leaves {
		text := e.Error()
		if i := strings.LastIndex(text, ": "); i >= 0 {
			text = text[i+2:]
		}
		p := problem{path: strings.Join(e.InstanceLocation, "."), code: "BASE_TYPE_INVALID", text: text}
		if len(e.InstanceLocation) == depth && !seen[p.String()] {
			seen[p.String()] = true
			ps = append(ps, p)
		}
	}
	return ps
}

// causes are the leaves below an error.
func causes(e *jsonschema.ValidationError) []*jsonschema.ValidationError {
	if len(e.Causes) == 0 {
		return []*jsonschema.ValidationError{e}
	}
	_, anyOf := e.ErrorKind.(*kind.AnyOf)
	_, oneOf := e.ErrorKind.(*kind.OneOf)
	var all, close []*jsonschema.ValidationError
	for _, alternative := range e.Causes {
		leaves := causes(alternative)
		all = append(all, leaves...)
		otherType := slices.ContainsFunc(leaves, func(l *jsonschema.ValidationError) bool {
			return len(l.InstanceLocation) == len(e.InstanceLocation)+1 && l.InstanceLocation[len(e.InstanceLocation)] == "type"
		})
		if !otherType {
			close = append(close, leaves...)
		}
	}
	if (anyOf || oneOf) && len(close) > 0 {
		return close
	}
	return all
}
