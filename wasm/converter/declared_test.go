//go:build !js

package main

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

// TestDeclared compares the messages with their declarations for the page's scripts.
func TestDeclared(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "web", "types.d.ts"))
	if err != nil {
		t.Fatal(err)
	}
	for name, of := range map[string]any{"ConverterSaid": Said{}, "Converted": Converted{},
		"NotConverted": Refused{}, "Facts": Facts{}} {
		form := regexp.MustCompile(`(?s)\nexport interface ` + name + ` \{\n(.*?)\n\}`)
		found := form.FindSubmatch(text)
		if found == nil {
			t.Errorf("there is no interface %s", name)
			continue
		}
		declared := map[string]string{}
		for _, m := range regexp.MustCompile(`(?m)^  (\w+): (.*);$`).FindAllStringSubmatch(
			string(found[1]), -1) {
			declared[m[1]] = m[2]
		}
		delete(declared, "bytes") // of Converted, which travel beside it
		typ := reflect.TypeOf(of)
		for i := range typ.NumField() {
			f := typ.Field(i)
			key := f.Tag.Get("js")
			if key == "bytes" {
				continue
			}
			want := map[reflect.Kind]string{reflect.String: "string", reflect.Int: "number",
				reflect.Float64: "number", reflect.Struct: f.Type.Name()}[f.Type.Kind()]
			switch {
			case key == "type":
				want = "'" + strings.Trim(declared[key], "'") + "'"
			case f.Type.Kind() == reflect.Map:
				want = "Record<string, string | number>"
			case f.Type.Kind() == reflect.Slice:
				want = "string[]"
			}
			if declared[key] != want {
				t.Errorf("%s.%s is declared as %q, want %q", name, key, declared[key], want)
			}
			delete(declared, key)
		}
		for key := range declared {
			t.Errorf("%s.%s is declared, and no message has it", name, key)
		}
	}
}
