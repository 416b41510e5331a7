package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"tweedie/tools/convert/reason"
)

// mostBytes is the largest file that is read. The converter holds it, its copy in JavaScript and
// the result, and all of them have 4 GB.
const mostBytes = 1 << 30

// dropped is a file system of files that a page has been given.
type dropped struct {
	paths []string // with slashes, of files alone
	sizes []int
	read  func(i int) ([]byte, error)
	taken []bool // which were read
}

// newDropped checks the paths, which a page makes of names on somebody's disk.
func newDropped(paths []string, sizes []int, read func(i int) ([]byte, error)) (*dropped, error) {
	d := &dropped{paths: slices.Clone(paths), sizes: sizes, taken: make([]bool, len(paths))}
	d.read = func(i int) ([]byte, error) {
		d.taken[i] = true
		return read(i)
	}
	for i, p := range d.paths {
		d.paths[i] = path.Clean(strings.TrimPrefix(p, "/"))
		if !fs.ValidPath(d.paths[i]) || d.paths[i] == "." {
			return nil, fmt.Errorf("%q is no path of a file", p)
		}
	}
	if len(paths) == 0 {
		return nil, reason.New("nofiles", "there are no files in it")
	}
	if !d.together() {
		for i, p := range d.paths {
			d.paths[i] = gathered + "/" + p
		}
	}
	return d, nil
}

// gathered is the folder of files that did not come in one; sentences name it, and reasons have it
// as an empty text.
const gathered = "what was dropped"

// together reports whether the files came in one folder.
func (d *dropped) together() bool {
	first, _, folder := strings.Cut(d.paths[0], "/")
	return folder && !slices.ContainsFunc(d.paths, func(p string) bool {
		return !strings.HasPrefix(p, first+"/")
	})
}

// whole is the path that stands for everything: that of the only file, or of the folder that holds
// all.
func (d *dropped) whole() string {
	first, rest, _ := strings.Cut(d.paths[0], "/")
	if first == gathered && len(d.paths) == 1 && !strings.Contains(rest, "/") {
		return d.paths[0]
	}
	return first
}

// passed says which of several files were not looked into; some is false if all were.
func (d *dropped) passed() (note reason.Note, some bool) {
	var names []string
	for i, p := range d.paths {
		if !d.taken[i] {
			names = append(names, path.Base(p))
		}
	}
	if len(names) == 0 {
		return note, false
	}
	const most = 5
	all, read := len(d.paths), len(d.paths)-len(names)
	if others := len(names) - most + 1; others > 1 {
		return reason.NewNote("passed.more", "of {n} files {read} were read; passed over: "+
			"{names}, {others} others", "n", all, "read", read, "names",
			strings.Join(names[:most-1], ", "), "others", others), true
	}
	return reason.NewNote("passed", "of {n} files {read} were read; passed over: {names}", "n", all,
		"read", read, "names", strings.Join(names, ", ")), true
}

// Open implements fs.FS.
func (d *dropped) Open(name string) (fs.File, error) {
	fail := func(err error) (fs.File, error) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	if !fs.ValidPath(name) {
		return fail(fs.ErrInvalid)
	}
	if i := slices.Index(d.paths, name); i >= 0 {
		return &openFile{of: d, i: i}, nil
	}
	list, err := d.ReadDir(name)
	if err != nil {
		return fail(fs.ErrNotExist)
	}
	return &openFolder{info: info{name: path.Base(name), folder: true}, list: list}, nil
}

// ReadFile implements fs.ReadFileFS.
func (d *dropped) ReadFile(name string) ([]byte, error) {
	i := slices.Index(d.paths, name)
	if i < 0 {
		return nil, &fs.PathError{Op: "read", Path: name, Err: fs.ErrNotExist}
	}
	if d.sizes[i] > mostBytes {
		gigabytes := func(n int) string { return strconv.FormatFloat(float64(n)/1e9, 'f', 1, 64) }
		return nil, reason.New("large", "{file} has {size} GB, and a page reads files of up to "+
			"{most} GB: convert it with the command line", "file", path.Base(name), "size",
			gigabytes(d.sizes[i]), "most", gigabytes(mostBytes))
	}
	b, err := d.read(i)
	if err != nil {
		return nil, reason.Of("unreadable", fmt.Errorf("%s cannot be read (%w): has it been moved "+
			"or changed?", path.Base(name), err), "file", path.Base(name))
	}
	return b, nil
}

// ReadDir implements fs.ReadDirFS.
func (d *dropped) ReadDir(name string) ([]fs.DirEntry, error) {
	within := name + "/"
	if name == "." {
		within = ""
	}
	var list []fs.DirEntry
	known := map[string]bool{}
	for i, p := range d.paths {
		rest, ok := strings.CutPrefix(p, within)
		if !ok {
			continue
		}
		base, _, folder := strings.Cut(rest, "/")
		if known[base] {
			continue
		}
		known[base] = true
		entry := info{name: base, folder: folder}
		if !folder {
			entry.size = int64(d.sizes[i])
		}
		list = append(list, fs.FileInfoToDirEntry(entry))
	}
	if len(list) == 0 {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: fs.ErrNotExist}
	}
	slices.SortFunc(list, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return list, nil
}

// info describes a file or a folder.
type info struct {
	name   string
	size   int64
	folder bool
}

func (i info) Name() string       { return i.name }
func (i info) Size() int64        { return i.size }
func (i info) IsDir() bool        { return i.folder }
func (i info) ModTime() time.Time { return time.Time{} }
func (i info) Sys() any           { return nil }

func (i info) Mode() fs.FileMode {
	if i.folder {
		return fs.ModeDir | 0o555
	}
	return 0o444
}

// openFile reads all of a file when the first byte is asked for.
type openFile struct {
	of   *dropped
	i    int
	rest []byte
	done bool // it has been read
}

func (f *openFile) Stat() (fs.FileInfo, error) {
	return info{name: path.Base(f.of.paths[f.i]), size: int64(f.of.sizes[f.i])}, nil
}

func (f *openFile) Close() error { return nil }

func (f *openFile) Read(to []byte) (int, error) {
	if !f.done {
		b, err := f.of.ReadFile(f.of.paths[f.i])
		if err != nil {
			return 0, err
		}
		f.rest, f.done = b, true
	}
	if len(f.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(to, f.rest)
	f.rest = f.rest[n:]
	return n, nil
}

// openFolder lists a folder.
type openFolder struct {
	info info
	list []fs.DirEntry
}

func (f *openFolder) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *openFolder) Close() error               { return nil }

func (f *openFolder) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: f.info.name, Err: errors.New("is a folder")}
}

func (f *openFolder) ReadDir(n int) ([]fs.DirEntry, error) {
	if n <= 0 || n > len(f.list) {
		if n > 0 && len(f.list) == 0 {
			return nil, io.EOF
		}
		n = len(f.list)
	}
	list := f.list[:n]
	f.list = f.list[n:]
	return list, nil
}
