// Command train learns the weights that summarize ranks sentences with.
package main

func main() {}
