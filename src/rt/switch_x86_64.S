/*
 * rt/switch_x86_64.S: the switch for the System V ABI: the six registers that a callee must keep, and the stack
 * pointer. MXCSR and the x87 control word are the callee's to keep too, but nothing in this program changes them.
 *
 *	to ->	r15  r14  r13  r12  rbx  rbp  return address
 */
	.text

/* void *switch_to(void **from, void *to, void *value) */
	.globl switch_to
	.hidden switch_to
	.type switch_to, @function
	.p2align 4
switch_to:
	.cfi_startproc
	pushq %rbp
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %rbp, 0
	pushq %rbx
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %rbx, 0
	pushq %r12
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %r12, 0
	pushq %r13
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %r13, 0
	pushq %r14
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %r14, 0
	pushq %r15
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %r15, 0
	movq %rsp, (%rdi)
	movq %rsi, %rsp
	/* the other stack has the same shape: what was said of the frame still holds */
	movq %rdx, %rax
	popq %r15
	.cfi_adjust_cfa_offset -8
	.cfi_restore %r15
	popq %r14
	.cfi_adjust_cfa_offset -8
	.cfi_restore %r14
	popq %r13
	.cfi_adjust_cfa_offset -8
	.cfi_restore %r13
	popq %r12
	.cfi_adjust_cfa_offset -8
	.cfi_restore %r12
	popq %rbx
	.cfi_adjust_cfa_offset -8
	.cfi_restore %rbx
	popq %rbp
	.cfi_adjust_cfa_offset -8
	.cfi_restore %rbp
	/* not ret: its target is predicted from the other stack's calls, always wrongly */
	popq %rcx
	.cfi_adjust_cfa_offset -8
	.cfi_register %rip, %rcx
	jmp *%rcx
	.cfi_endproc
	.size switch_to, .-switch_to

/* The first thing on a new stack: r12 is entry, rax the first value. Unwinding ends: there is no return address. */
	.globl switch_start
	.hidden switch_start
	.type switch_start, @function
	.p2align 4
switch_start:
	.cfi_startproc
	.cfi_undefined %rip
	xorl %ebp, %ebp
	movq %rax, %rdi
	callq *%r12
	ud2
	.cfi_endproc
	.size switch_start, .-switch_start

/* void *switch_make(char *low, char *top, void (*entry)(void *value)) */
	.globl switch_make
	.hidden switch_make
	.type switch_make, @function
	.p2align 4
switch_make:
	.cfi_startproc
	movq %rsi, %rax
	andq $-16, %rax
	subq $56, %rax		/* seven words: popped, they leave the stack aligned for the call of entry */
	movq %rdx, 24(%rax)	/* r12 */
	leaq switch_start(%rip), %rcx
	movq %rcx, 48(%rax)	/* return address */
	ret
	.cfi_endproc
	.size switch_make, .-switch_make

	.section .note.GNU-stack, "", @progbits
