package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"

	"tweedie/tools/convert/conversion"
	"tweedie/tools/convert/reason"
)

// absent are the options of the command line that name files or types, which a page has no use for:
// a configuration is dropped beside its weights.
var absent = []string{"config", "scheduler", "dtype", "mantissa", "cascade", "sampling"}

// convert turns files into a weights file. options are flags of the command line, without dashes,
// with their values. It returns the message of the end.
func convert(files *dropped, options [][2]string, say func(line Line)) (end Message) {
	var in *conversion.Input
	var said []Line
	defer func() {
		if p := recover(); p != nil {
			err := reason.New("fault", "{file} cannot be converted, because the converter has a "+
				"fault ({fault})", "file", path.Base(files.whole()), "fault", fmt.Sprint(p))
			end = refused(err, in)
		}
	}()
	o, err := parse(options)
	if err != nil {
		r := refused(err, nil)
		for _, option := range options { // so that they can be corrected
			r.Needs = append(r.Needs, option[0])
		}
		r.Needs = offered(r.Needs)
		return r
	}
	tell := func(l Line) { said = append(said, l); say(l) }
	host := conversion.Host{
		Say:      func(l conversion.Line) { tell(newLine(l.File, l.Note)) },
		Warn:     func(n reason.Note) { tell(newLine("", n)) },
		Progress: func(int, int) {},
	}
	in, err = conversion.Open(files, files.whole(), o, host)
	if err != nil {
		return refused(err, nil)
	}
	result, err := in.Convert()
	if err != nil {
		return refused(err, in)
	}
	if result.Draft.UNet.ClassEmbedType == "identity" {
		return refused(in.Wrong(reason.New("vector", "its condition is a vector, which no recipe "+
			"can name: it cannot be drawn")), in)
	}
	stored, err := result.File.Append(nil)
	if err != nil {
		return refused(err, in)
	}
	name := conversion.ModelName(nameOf(files.whole(), in.Name()))
	known, err := conversion.FactsOf(name, stored)
	if err == nil {
		err = known.Drawn()
	}
	if err != nil {
		return refused(in.Wrong(err), in)
	}
	if passed, some := files.passed(); some {
		host.Warn(passed)
	}
	return Converted{name, stored, newFacts(known), said, asks(in)}
}

// parse reads options as the command line does.
func parse(options [][2]string) (o conversion.Options, err error) {
	f := flags(&o)
	for _, option := range options {
		if f.Lookup(option[0]) == nil || slices.Contains(absent, option[0]) {
			return o, fmt.Errorf("there is no option %q", option[0])
		}
		if option[1] == "" {
			continue
		}
		if err := f.Set(option[0], option[1]); err != nil {
			return o, reason.Of("option.value", fmt.Errorf("%s: %w", option[0], err), "flag",
				option[0]) // the field's hint says what it takes
		}
	}
	return o, nil
}

func flags(o *conversion.Options) *flag.FlagSet {
	f := flag.NewFlagSet("convert", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	o.Flags(f)
	return f
}

// named matches a flag in a sentence.
var named = regexp.MustCompile(`(?:^|[\s(])-([a-z][a-z-]*)\b`)

// refused is the message about an error. It offers the options that can help.
func refused(err error, in *conversion.Input) Refused {
	r := Refused{Message: err.Error(), Values: map[string]any{}}
	var known *reason.Reason
	if errors.As(err, &known) {
		r.ID = known.ID
		for name, value := range known.Values {
			if value == gathered { // the page has its own name for it
				value = ""
			}
			r.Values[name] = value
		}
	}
	var wanted []string
	for _, match := range named.FindAllStringSubmatch(r.Message, -1) {
		wanted = append(wanted, match[1])
	}
	if in != nil && in.Family != nil {
		r.Family = in.Family.Name
	}
	r.Needs, r.Asks = offered(wanted), asks(in)
	return r
}

// asks are the options that the family of a checkpoint may be told.
func asks(in *conversion.Input) (names []string) {
	if in != nil && in.Family != nil {
		for _, option := range in.Family.Options {
			names = append(names, strings.TrimPrefix(option.Flag, "-"))
		}
	}
	return offered(names)
}

// offered are the options among some names that a page offers, each once.
func offered(names []string) []string {
	var list []string
	f := flags(&conversion.Options{})
	for _, name := range names {
		if f.Lookup(name) != nil && !slices.Contains(list, name) && !slices.Contains(absent, name) {
			list = append(list, name)
		}
	}
	return list
}

// nameOf is the file's name without its ending, or the folder's.
func nameOf(whole, weights string) string {
	if whole == gathered {
		whole = weights
	}
	base := path.Base(whole)
	for {
		ending := path.Ext(base)
		if !slices.Contains(endings, ending) {
			return base
		}
		base = strings.TrimSuffix(base, ending)
	}
}

// endings are those of files with weights, and of the index of several.
var endings = []string{".safetensors", ".bin", ".pt", ".pth", ".ckpt", ".json", ".index"}
