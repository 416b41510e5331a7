package peephole

// malformed is what decoding panics with; Rewrite turns it into an error.
type malformed string

type reader struct {
	data []byte
	at   int
}

func (r *reader) byte() byte {
	if r.at >= len(r.data) {
		panic(malformed("the module ends too early"))
	}
	r.at++
	return r.data[r.at-1]
}

func (r *reader) bytes(n int) []byte {
	if n < 0 || n > len(r.data)-r.at {
		panic(malformed("a length reaches past the end"))
	}
	r.at += n
	return r.data[r.at-n : r.at]
}

// unsigned reads a LEB128 number.
func (r *reader) unsigned() (v uint64) {
	for shift := 0; shift < 64; shift += 7 {
		b := r.byte()
		v |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return v
		}
	}
	panic(malformed("a number of more than 64 bits"))
}

// signed reads a signed LEB128 number.
func (r *reader) signed() (v int64) {
	for shift := 0; shift < 64; {
		b := r.byte()
		v |= int64(b&0x7f) << shift
		shift += 7
		if b < 0x80 {
			if shift < 64 && b&0x40 != 0 {
				v |= -1 << shift
			}
			return v
		}
	}
	panic(malformed("a number of more than 64 bits"))
}

func (r *reader) section() (id byte, body []byte) {
	id = r.byte()
	return id, r.bytes(int(r.unsigned()))
}

func appendUnsigned(out []byte, v uint64) []byte {
	for v >= 0x80 {
		out = append(out, byte(v)|0x80)
		v >>= 7
	}
	return append(out, byte(v))
}

// Opcodes that are looked for; those of the vector extension have 0xfd00 added
// (WebAssembly 2.0, section 5.4).
const (
	opNop       = 0x01
	opLoadI32   = 0x28
	opLoadI64   = 0x29
	opLoadF32   = 0x2a
	opConst64   = 0x42
	opAdd64     = 0x7c
	opWrap      = 0xa7
	opLoadV128  = 0xfd00
	opLoadSplat = 0xfd09
	opSplat     = 0xfd13
	opMax       = 0xfde9
	opLarger    = 0xfdeb // f32x4.pmax
)

// instruction is what is known of a decoded instruction.
type instruction struct {
	op            int
	value         int64 // of i64.const
	align, offset uint64
}

func (i *instruction) isLoad() bool {
	return i.op == opLoadF32 || i.op == opLoadV128 || i.op == opLoadI32 ||
		i.op == opLoadI64 || i.op == opLoadSplat
}

// as appends the load i with another opcode.
func (i *instruction) as(op int, out []byte) []byte {
	if op > 0xff {
		out = append(out, 0xfd)
	}
	out = append(out, byte(op))
	out = appendUnsigned(out, i.align)
	return appendUnsigned(out, i.offset)
}

// instruction reads one instruction of the MVP, bulk memory, saturating
// conversion and 128-bit vector sets.
func (r *reader) instruction() (i instruction) {
	i.op = int(r.byte())
	switch op := i.op; {
	case op >= 0x02 && op <= 0x04: // block, loop, if
		r.signed()
	case op == 0x0c || op == 0x0d || op == 0x10 || op >= 0x20 && op <= 0x26 || op == 0xd2:
		r.unsigned()
	case op == 0x0e: // br_table
		for n := r.unsigned() + 1; n > 0; n-- {
			r.unsigned()
		}
	case op == 0x11: // call_indirect
		r.unsigned()
		r.unsigned()
	case op >= 0x28 && op <= 0x3e:
		i.align, i.offset = r.unsigned(), r.unsigned()
	case op == 0x3f || op == 0x40:
		r.byte()
	case op == 0x41 || op == opConst64:
		i.value = r.signed()
	case op == 0x43:
		r.bytes(4)
	case op == 0x44:
		r.bytes(8)
	case op == 0xfc:
		r.saturatingOrBulk()
	case op == 0xfd:
		i.vector(r)
	case op == 0x00 || op == opNop || op == 0x05 || op == 0x0b || op == 0x0f || op == 0x1a ||
		op == 0x1b || op >= 0x45 && op <= 0xc4:
	default:
		panic(malformed("an instruction that Go does not write"))
	}
	return i
}

func (r *reader) saturatingOrBulk() {
	switch op := r.unsigned(); {
	case op <= 7: // saturating conversions
	case op == 8 || op == 10 || op == 12 || op == 14:
		r.unsigned()
		r.unsigned()
	case op <= 17:
		r.unsigned()
	default:
		panic(malformed("an instruction that Go does not write"))
	}
}

func (i *instruction) vector(r *reader) {
	op := int(r.unsigned())
	i.op = 0xfd00 + op
	switch {
	case op <= 11 || op == 92 || op == 93:
		i.align, i.offset = r.unsigned(), r.unsigned()
	case op == 12 || op == 13: // v128.const, shuffle
		r.bytes(16)
	case op >= 21 && op <= 34: // lanes
		r.byte()
	case op >= 84 && op <= 91:
		r.unsigned()
		r.unsigned()
		r.byte()
	case op > 0xff:
		panic(malformed("a relaxed vector instruction, whose result differs between machines"))
	}
}
