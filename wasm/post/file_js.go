package post

import "syscall/js"

// File is a file that stays where it is, as weights do: a copy in the program's memory would never
// be given back. One that is missing is empty.
type File struct {
	array  js.Value // a Uint8Array, or undefined
	blob   js.Value // a Blob, or undefined: no more of it than the blocks is in the tab
	reader js.Value
	size   int
	blocks []block // that were read last, the latest at the end
}

// block is a piece of a Blob, a Uint8Array.
type block struct {
	number int
	array  js.Value
}

const (
	// blockSize is how many bytes of a Blob are read at a time: each reading waits for another
	// process, some milliseconds.
	blockSize = 4 << 20
	// mostBlocks are kept, since tensors that follow each other in a network lie side by side in its
	// file, but not in order.
	mostBlocks = 3
)

// ReadSource returns the file of a Uint8Array or a Blob.
func ReadSource(v js.Value) *File {
	switch {
	case v.InstanceOf(js.Global().Get("Uint8Array")):
		return &File{array: v, size: v.Length()}
	case v.InstanceOf(js.Global().Get("Blob")):
		return &File{blob: v, size: v.Get("size").Int(),
			reader: js.Global().Get("FileReaderSync").New()}
	}
	return &File{}
}

// Size returns the number of bytes.
func (f *File) Size() int { return f.size }

// Copy fills dst with the bytes from offset on.
func (f *File) Copy(dst []byte, offset int) {
	if !f.array.IsUndefined() {
		js.CopyBytesToGo(dst, f.array.Call("subarray", offset, offset+len(dst)))
		return
	}
	for len(dst) > 0 {
		from := offset % blockSize
		n := min(len(dst), blockSize-from)
		js.CopyBytesToGo(dst[:n], f.block(offset/blockSize).Call("subarray", from, from+n))
		dst, offset = dst[n:], offset+n
	}
}

// block returns a block of the Blob, which is read unless it was read lately.
func (f *File) block(number int) js.Value {
	for i, b := range f.blocks {
		if b.number == number {
			copy(f.blocks[i:], f.blocks[i+1:])
			f.blocks[len(f.blocks)-1] = b
			return b.array
		}
	}
	if len(f.blocks) == mostBlocks {
		release(f.blocks[0].array)
		copy(f.blocks, f.blocks[1:])
		f.blocks = f.blocks[:mostBlocks-1]
	}
	from := number * blockSize
	piece := f.blob.Call("slice", from, min(from+blockSize, f.size))
	buffer := f.reader.Call("readAsArrayBuffer", piece)
	array := js.Global().Get("Uint8Array").New(buffer)
	f.blocks = append(f.blocks, block{number, array})
	return array
}

// Release gives memory back at once, which two collectors would have to find otherwise. Nothing can
// be read of the file afterwards.
func (f *File) Release() {
	if !f.array.IsUndefined() {
		release(f.array)
	}
	for _, b := range f.blocks {
		release(b.array)
	}
	*f = File{}
}

// release sends an array's buffer to where nobody receives it.
func release(array js.Value) {
	channel, buffer := js.Global().Get("MessageChannel").New(), array.Get("buffer")
	port := channel.Get("port1")
	port.Call("postMessage", buffer, []any{buffer})
	port.Call("close")
	channel.Get("port2").Call("close")
}
