// Program does what needs the runtime's tables of functions: it grows its
// stack, collects garbage under deep frames, recovers from faults and asks for
// its callers.
package main

import "runtime"

type node struct {
	left, right *node
	data        [4]int
}

func tree(depth int) *node {
	if depth == 0 {
		runtime.GC()
		return &node{}
	}
	var pad [64]int
	pad[depth] = depth
	n := &node{data: [4]int{pad[depth]}}
	n.left = &node{data: n.data}
	n.right = tree(depth - 1)
	return n
}

func sum(n *node) int {
	if n == nil {
		return 0
	}
	return n.data[0] + sum(n.left) + sum(n.right)
}

func recovered(f func()) (text string) {
	defer func() { text = recover().(error).Error() }()
	f()
	return "nothing"
}

func main() {
	println(sum(tree(60)))
	done := make(chan int)
	go func() { done <- sum(tree(40)) }()
	println(<-done)
	var nothing *node
	var none []int
	println(recovered(func() { println(nothing.data[1]) }))
	println(recovered(func() { println(none[len(none)]) }))
	pc, file, line, ok := runtime.Caller(0)
	println(runtime.FuncForPC(pc).Name(), file, line, ok)
	panic("the end")
}
