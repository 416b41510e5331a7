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
	"tweedie/tools/convert/family"
)

// absent are the options of the command line that name files or types, which a page has no use for:
// a configuration is dropped beside its weights.
var absent = []string{"config", "scheduler", "dtype", "explain", "cascade", "sampling"}

// convert turns files into a weights file. options are flags of the command line, without dashes,
// with their values. It returns the message of the end, and the file's bytes for Converted.
func convert(
	files *dropped, options [][2]string, say func(line string),
) (end any, stored []byte) {
	var in *conversion.Input
	var said []string
	defer func() {
		if p := recover(); p != nil {
			err := fmt.Errorf("%s cannot be converted, because the converter has a fault (%v)",
				path.Base(files.whole()), p)
			end, stored = refused(err, in), nil
		}
	}()
	o, err := parse(options)
	if err != nil {
		return refused(err, nil), nil
	}
	host := conversion.Host{
		Say:      func(line string) { said = append(said, line); say(line) },
		Progress: func(int, int) {},
	}
	host.Warn = host.Say
	in, err = conversion.Open(files, files.whole(), o, host)
	if err != nil {
		return refused(err, nil), nil
	}
	result, err := in.Convert()
	if err != nil {
		return refused(err, in), nil
	}
	if result.Draft.UNet.ClassEmbedType == "identity" {
		return refused(in.Wrong(errors.New("its condition is a vector, which no recipe can name: "+
			"it cannot be drawn")), in), nil
	}
	if stored, err = result.File.Append(nil); err != nil {
		return refused(err, in), nil
	}
	name := conversion.ModelName(nameOf(files.whole(), in.Name()))
	known, err := conversion.FactsOf(name, stored)
	if err == nil {
		err = known.Drawn()
	}
	if err != nil {
		return refused(in.Wrong(err), in), nil
	}
	if passed := files.passed(); passed != "" {
		host.Say(passed)
	}
	return Converted{"converted", name, newFacts(known), said, asks(nil, in)}, stored
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
			return o, fmt.Errorf("%s: %w", option[0], err)
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
	r := Refused{Type: "refused", Message: err.Error()}
	var wanted []string
	for _, match := range named.FindAllStringSubmatch(r.Message, -1) {
		wanted = append(wanted, match[1])
	}
	if in != nil && in.Family != nil {
		r.Family = in.Family.Name
	}
	r.Asks = asks(wanted, in)
	return r
}

// asks are some options and those that the family of a checkpoint may be told.
func asks(wanted []string, in *conversion.Input) []Ask {
	if in != nil && in.Family != nil {
		for _, option := range in.Family.Options {
			wanted = append(wanted, strings.TrimPrefix(option.Flag, "-"))
		}
	}
	list := []Ask{}
	f := flags(&conversion.Options{})
	for _, name := range wanted {
		given := f.Lookup(name)
		known := slices.ContainsFunc(list, func(a Ask) bool { return a.Flag == name })
		if given == nil || known || slices.Contains(absent, name) {
			continue
		}
		_, usage := flag.UnquoteUsage(given)
		if name == "family" {
			usage = "one of " + strings.Join(family.Names(), ", ")
		}
		list = append(list, Ask{name, usage})
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
