package post

import "syscall/js"

// File is a file that stays where it is, as weights do: a copy in the program's memory would never
// be given back. One that is missing is empty.
type File struct {
	array  js.Value // a Uint8Array, or undefined
	blob   js.Value // a Blob, or undefined: the tab has no more of it than the blocks
	reader js.Value
	size   int
	// Pieces of the Blob that were read last, Uint8Arrays, their numbers from 1, and which goes
	// next.
	blocks  [3]js.Value
	numbers [3]int
	next    int
}

// blockSize is how many bytes of a Blob are read at a time: each reading waits for another process,
// some milliseconds. Several are kept: tensors that follow each other in a network lie side by side
// in its file, but not in order.
const blockSize = 4 << 20

// ReadSource returns the file of a Uint8Array or a Blob.
func ReadSource(v js.Value) *File {
	global, f := js.Global(), new(File)
	if v.InstanceOf(global.Get("Uint8Array")) {
		f.array, f.size = v, v.Length()
	} else if v.InstanceOf(global.Get("Blob")) {
		f.blob, f.size = v, v.Get("size").Int()
		f.reader = global.Get("FileReaderSync").New()
	}
	return f
}

// Size returns the number of bytes.
func (f *File) Size() int { return f.size }

// Copy fills dst with the bytes from offset on.
func (f *File) Copy(dst []byte, offset int) {
	for len(dst) > 0 {
		array, from, n := f.array, offset, len(dst)
		if array.IsUndefined() {
			array, from = f.block(offset/blockSize), offset%blockSize
			n = min(n, blockSize-from)
		}
		js.CopyBytesToGo(dst[:n], array.Call("subarray", from, from+n))
		dst, offset = dst[n:], offset+n
	}
}

// block returns a piece of the Blob, which is read unless it was read lately.
func (f *File) block(number int) js.Value {
	for i, n := range f.numbers {
		if n == number+1 {
			return f.blocks[i]
		}
	}
	i := f.next
	f.next = (i + 1) % len(f.blocks)
	forgo(f.blocks[i])
	from := number * blockSize
	buffer := f.reader.Call("readAsArrayBuffer", f.blob.Call("slice", from, from+blockSize))
	f.blocks[i], f.numbers[i] = js.Global().Get("Uint8Array").New(buffer), number+1
	return f.blocks[i]
}

// Forgo gives memory back at once, which two collectors would have to find otherwise. Nothing can
// be read of the file afterwards.
func (f *File) Forgo() {
	forgo(f.array)
	for _, block := range f.blocks {
		forgo(block)
	}
}

// forgo sends the buffer of an array, if it is one, to where nobody receives it.
func forgo(array js.Value) {
	if array.IsUndefined() {
		return
	}
	channel, buffer := js.Global().Get("MessageChannel").New(), array.Get("buffer")
	port := channel.Get("port1")
	port.Call("postMessage", buffer, []any{buffer})
	port.Call("close")
	channel.Get("port2").Call("close")
}
