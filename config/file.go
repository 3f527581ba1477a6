package config

import (
	"bytes"
	"errors"
	"os"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// maxFile bounds the configuration file, in bytes.
const maxFile = 1 << 20

// entry is a part of the file's syntax tree: under a name in a mapping, or an
// element of a sequence. We walk the tree ourselves, because the library's
// decoder stops at the first problem.
type entry struct {
	name string
	line int
	node ast.Node
}

// readFile takes the options and declarations from a YAML file.
func (l *loader) readFile(path string, mustExist bool) {
	l.file, l.anchors = path, map[string]entry{}
	if path == "" {
		return
	}
	content, err := readBounded(path, maxFile)
	if errors.Is(err, os.ErrNotExist) && !mustExist {
		return
	}
	if err != nil {
		l.problem(origin{file: path}, "%v", err)
		return
	}
	content = bytes.TrimPrefix(content, []byte("\ufeff")) // some editors write one
	file, err := parser.ParseBytes(content, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		l.syntax(err)
		return
	}
	for i, doc := range file.Docs {
		switch {
		case doc.Body == nil || doc.Body.Type() == ast.NullType:
		case i > 0:
			l.problem(l.at(line(doc.Body)), "a second document begins here; the configuration is one")
		default:
			l.root(entry{line: line(doc.Body), node: doc.Body})
		}
	}
}

// syntax reports what the parser stumbled over.
func (l *loader) syntax(err error) {
	var syntax yaml.Error
	if errors.As(err, &syntax) && syntax.GetToken() != nil {
		l.problem(l.at(syntax.GetToken().Position.Line), "is no YAML here: %s", syntax.GetMessage())
		return
	}
	l.problem(origin{file: l.file}, "is no YAML: %v", err)
}

// root reads the outermost mapping.
func (l *loader) root(e entry) {
	parts, ok := l.mapping(e)
	if !ok {
		l.problem(l.at(e.line), "wants options such as \"database: broadsheet.db\" at the outermost level")
		return
	}
	for _, part := range parts {
		switch part.name {
		case "feeds":
			l.readFeeds(part)
		case "digests":
			l.readDigests(part)
		default:
			l.option(part)
		}
	}
}

// option reads an option, or a section with options.
func (l *loader) option(e entry) {
	section := false
	for _, o := range options() {
		if o.name == e.name {
			l.value(o, e)
			return
		}
		section = section || strings.HasPrefix(o.name, e.name+".")
	}
	if !section {
		l.unknown(e)
		return
	}
	parts, ok := l.mapping(e)
	if !ok && e.node.Type() != ast.NullType {
		l.problem(l.at(e.line), "%s: wants options below it, such as %s", e.name, firstOf(e.name))
	}
	for _, part := range parts {
		part.name = e.name + "." + part.name
		l.option(part)
	}
}

func firstOf(section string) string {
	for _, o := range options() {
		if strings.HasPrefix(o.name, section+".") {
			return o.name
		}
	}
	return ""
}

func (l *loader) unknown(e entry) {
	tail := ""
	if near := nearestOption(e.name); near != "" {
		tail = "; did you mean " + near + "?"
	}
	l.problem(l.at(e.line), "%s is no option%s", e.name, tail)
}

// value notes an option's value; one without is as if it were not written.
func (l *loader) value(o key[Config], e entry) {
	values, ok := l.values(e)
	switch {
	case !ok:
		l.problem(l.at(e.line), "%s: wants a value, not options below it", o.name)
	case len(values) == 0 && !o.list:
	default:
		if o.list && e.node.Type() != ast.SequenceType {
			values = splitList(strings.Join(values, ","))
		}
		l.set[o.name] = append(l.set[o.name], setting{values, l.at(e.line)})
	}
}

// resolve follows anchors, aliases and tags to the node that holds the value.
func (l *loader) resolve(e entry) ast.Node {
	for range 100 { // an alias within its own anchor would lead round for ever
		switch node := e.node.(type) {
		case *ast.AnchorNode:
			l.anchors[node.Name.GetToken().Value] = entry{node: node.Value}
			e.node = node.Value
		case *ast.AliasNode:
			target, ok := l.anchors[node.Value.GetToken().Value]
			if !ok {
				l.problem(l.at(line(node)), "the alias *%s has no anchor before it", node.Value.GetToken().Value)
				return ast.Null(node.GetToken())
			}
			e.node = target.node
		case *ast.TagNode:
			e.node = node.Value
		default:
			return node
		}
	}
	return ast.Null(e.node.GetToken())
}

// mapping lists the parts of a mapping and reports names written twice.
func (l *loader) mapping(e entry) ([]entry, bool) {
	var pairs []*ast.MappingValueNode
	switch node := l.resolve(e).(type) {
	case *ast.MappingNode:
		pairs = node.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{node}
	default:
		return nil, false
	}
	var parts []entry
	first := map[string]int{}
	for _, pair := range pairs {
		name, at := pair.Key.GetToken().Value, pair.Key.GetToken().Position.Line
		if line, twice := first[name]; twice {
			l.problem(l.at(at), "%s is written on line %d already", name, line)
			continue
		}
		first[name] = at
		parts = append(parts, entry{name, at, pair.Value})
	}
	return parts, true
}

// items lists the elements of a sequence of declarations.
func (l *loader) items(e entry) []entry {
	switch node := l.resolve(e).(type) {
	case *ast.NullNode:
		return nil
	case *ast.SequenceNode:
		items := make([]entry, len(node.Values))
		for i, value := range node.Values {
			items[i] = entry{line: line(value), node: value}
		}
		return items
	}
	l.problem(l.at(e.line), "%s: wants a list, each entry begun with \"- \"", e.name)
	return nil
}

// values is what a scalar or a sequence of scalars holds; null holds nothing.
func (l *loader) values(e entry) (values []string, ok bool) {
	node := l.resolve(e)
	if sequence, isList := node.(*ast.SequenceNode); isList {
		for _, element := range sequence.Values {
			value, ok := scalar(l.resolve(entry{node: element}))
			if !ok {
				return nil, false
			}
			values = append(values, value)
		}
		return values, true
	}
	if node.Type() == ast.NullType {
		return nil, true
	}
	value, ok := scalar(node)
	return []string{value}, ok
}

// scalar is a single value as it was written: numbers are not recomputed, since
// Discord's ids would not survive it everywhere.
func scalar(node ast.Node) (string, bool) {
	switch node := node.(type) {
	case *ast.StringNode:
		return node.Value, true
	case *ast.LiteralNode:
		return strings.TrimSpace(node.Value.Value), true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return node.GetToken().Value, true
	}
	return "", false
}

func line(node ast.Node) int {
	// The token of a mapping is the colon or the brace; its first key can stand
	// on an earlier line.
	switch node := node.(type) {
	case *ast.MappingNode:
		if len(node.Values) > 0 {
			return line(node.Values[0])
		}
	case *ast.MappingValueNode:
		return node.Key.GetToken().Position.Line
	case *ast.SequenceNode:
		if len(node.Values) > 0 {
			return line(node.Values[0])
		}
	}
	return node.GetToken().Position.Line
}
