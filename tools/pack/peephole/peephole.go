// Package peephole shortens what Go's WebAssembly back end writes for the
// vector kernels:
//
//	f32.load; f32x4.splat                → v128.load32_splat
//	i64.const c; i64.add; i32.wrap; load → i32.wrap; load offset=c
//	f32x4.max                            → f32x4.pmax
//	nop                                  → nothing
//
// The first two are the same operation in fewer instructions, so results keep
// their bits. The second differs where an address plus constant passes 2³²,
// which no valid pointer does. The third is one instruction of a processor
// where the exact one is many, and differs where one of two numbers alone is no
// number, or is a zero of another sign. Both are therefore made only in
// functions that the caller names. The result is an ordinary module: sections keep their order,
// functions their indices.
package peephole

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
)

// Stats counts what was rewritten.
type Stats struct{ Functions, Splats, Offsets, Larger, Nops int }

// The sections that are read or dropped (WebAssembly 2.0, section 5.5).
const (
	customSection = 0
	importSection = 2
	codeSection   = 10
)

// Rewrite returns module with the functions whose name starts with prefix
// rewritten and with all custom sections, where names and notes live, left
// out. module must still have its name section.
func Rewrite(module []byte, prefix string) (out []byte, s Stats, err error) {
	defer func() {
		if r := recover(); r != nil {
			e, ok := r.(malformed)
			if !ok {
				panic(r)
			}
			out, err = nil, fmt.Errorf("peephole: %s", string(e))
		}
	}()
	if !bytes.HasPrefix(module, []byte("\x00asm\x01\x00\x00\x00")) {
		return nil, s, errors.New("peephole: not a WebAssembly module of version 1")
	}
	names, imported := survey(module)
	out = append(out, module[:8]...)
	for r := (reader{module, 8}); r.at < len(module); {
		start := r.at
		id, body := r.section()
		switch id {
		case customSection:
		case codeSection:
			code := rewriteCode(body, func(i int) bool {
				return strings.HasPrefix(names[imported+i], prefix)
			}, &s)
			out = append(out, codeSection)
			out = appendUnsigned(out, uint64(len(code)))
			out = append(out, code...)
		default:
			out = append(out, module[start:r.at]...)
		}
	}
	if s.Functions == 0 {
		return nil, s, fmt.Errorf("peephole: the module names no function %s…", prefix)
	}
	return out, s, nil
}

// survey returns the functions' names by index and the number of imported
// ones, which come first.
func survey(module []byte) (names map[int]string, imported int) {
	names = map[int]string{}
	for r := (reader{module, 8}); r.at < len(module); {
		id, body := r.section()
		b := reader{body, 0}
		switch id {
		case importSection:
			for n := b.unsigned(); n > 0; n-- {
				b.bytes(int(b.unsigned()))
				b.bytes(int(b.unsigned()))
				if kind := b.byte(); kind != 0 {
					panic(malformed("an import that is no function"))
				}
				b.unsigned()
				imported++
			}
		case customSection:
			if string(b.bytes(int(b.unsigned()))) != "name" {
				continue
			}
			for b.at < len(b.data) {
				id, part := b.section()
				if p := (reader{part, 0}); id == 1 {
					for n := p.unsigned(); n > 0; n-- {
						i := int(p.unsigned())
						names[i] = string(p.bytes(int(p.unsigned())))
					}
				}
			}
		}
	}
	return names, imported
}

func rewriteCode(body []byte, chosen func(int) bool, s *Stats) []byte {
	r := reader{body, 0}
	count := int(r.unsigned())
	out := appendUnsigned(nil, uint64(count))
	for i := range count {
		f := r.bytes(int(r.unsigned()))
		if chosen(i) {
			f = rewriteFunction(f, s)
			s.Functions++
		}
		out = appendUnsigned(out, uint64(len(f)))
		out = append(out, f...)
	}
	return out
}

// rewriteFunction copies a body instruction by instruction, looking back at
// those already copied.
func rewriteFunction(f []byte, s *Stats) []byte {
	r := reader{f, 0}
	for n := r.unsigned(); n > 0; n-- { // groups of locals
		r.unsigned()
		r.byte()
	}
	out := append([]byte(nil), f[:r.at]...)
	var done []placed // instructions of out
	for r.at < len(f) {
		start := r.at
		in := r.instruction()
		switch {
		case in.op == opNop:
			s.Nops++
			continue
		case in.op == opSplat && last(done, 1).op == opLoadF32:
			load := last(done, 1)
			out = load.instruction.as(opLoadSplat, out[:load.at])
			done[len(done)-1].op = opLoadSplat
			s.Splats++
			continue
		case in.isLoad() && in.offset == 0 && last(done, 1).op == opWrap &&
			last(done, 2).op == opAdd64 && last(done, 3).op == opConst64:
			c := last(done, 3)
			if c.value <= 0 || c.value >= 1<<16 {
				break
			}
			out = append(out[:c.at], byte(opWrap))
			done = append(done[:len(done)-3], placed{instruction{op: opWrap}, c.at})
			in.offset = uint64(c.value)
			done = append(done, placed{in, len(out)})
			out = in.as(in.op, out)
			s.Offsets++
			continue
		}
		done = append(done, placed{in, len(out)})
		if in.op == opMax {
			out = append(out, 0xfd, opLarger&0xff, 1)
			s.Larger++
			continue
		}
		out = append(out, f[start:r.at]...)
	}
	return out
}

// placed is an instruction and where it begins in the output.
type placed struct {
	instruction
	at int
}

// last returns the n-th instruction from the end. If done has fewer than n, it
// returns one whose opcode no instruction has.
func last(done []placed, n int) placed {
	if len(done) < n {
		return placed{instruction{op: -1}, 0}
	}
	return done[len(done)-n]
}
