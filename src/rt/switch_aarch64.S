/*
 * rt/switch_aarch64.S: the switch for the AAPCS64: x19 to x30, the low halves of v8 to v15, and the stack pointer.
 * FPCR is the callee's to keep too, but nothing in this program changes it.
 *
 *	to ->	x29  x30  x19 ... x28  d8 ... d15
 */
	.text

/* where an indirect call may land, for processors that check; a no-op for all others */
#define LANDING hint #34

/* void *switch_to(void **from, void *to, void *value) */
	.globl switch_to
	.hidden switch_to
	.type switch_to, %function
	.p2align 4
switch_to:
	.cfi_startproc
	LANDING
	stp x29, x30, [sp, #-160]!
	.cfi_adjust_cfa_offset 160
	.cfi_rel_offset x29, 0
	.cfi_rel_offset x30, 8
	stp x19, x20, [sp, #16]
	.cfi_rel_offset x19, 16
	.cfi_rel_offset x20, 24
	stp x21, x22, [sp, #32]
	.cfi_rel_offset x21, 32
	.cfi_rel_offset x22, 40
	stp x23, x24, [sp, #48]
	.cfi_rel_offset x23, 48
	.cfi_rel_offset x24, 56
	stp x25, x26, [sp, #64]
	.cfi_rel_offset x25, 64
	.cfi_rel_offset x26, 72
	stp x27, x28, [sp, #80]
	.cfi_rel_offset x27, 80
	.cfi_rel_offset x28, 88
	/* 72 to 79 are DWARF's numbers of d8 to d15 */
	stp d8, d9, [sp, #96]
	.cfi_rel_offset 72, 96
	.cfi_rel_offset 73, 104
	stp d10, d11, [sp, #112]
	.cfi_rel_offset 74, 112
	.cfi_rel_offset 75, 120
	stp d12, d13, [sp, #128]
	.cfi_rel_offset 76, 128
	.cfi_rel_offset 77, 136
	stp d14, d15, [sp, #144]
	.cfi_rel_offset 78, 144
	.cfi_rel_offset 79, 152
	mov x9, sp
	str x9, [x0]
	mov sp, x1
	/* the other stack has the same shape: what was said of the frame still holds, until it is taken down */
	mov x0, x2
	ldp d14, d15, [sp, #144]
	ldp d12, d13, [sp, #128]
	ldp d10, d11, [sp, #112]
	ldp d8, d9, [sp, #96]
	ldp x27, x28, [sp, #80]
	ldp x25, x26, [sp, #64]
	ldp x23, x24, [sp, #48]
	ldp x21, x22, [sp, #32]
	ldp x19, x20, [sp, #16]
	ldp x29, x30, [sp], #160
	.cfi_def_cfa sp, 0
	.cfi_restore x29
	.cfi_restore x30
	.cfi_restore x19
	.cfi_restore x20
	.cfi_restore x21
	.cfi_restore x22
	.cfi_restore x23
	.cfi_restore x24
	.cfi_restore x25
	.cfi_restore x26
	.cfi_restore x27
	.cfi_restore x28
	.cfi_restore 72
	.cfi_restore 73
	.cfi_restore 74
	.cfi_restore 75
	.cfi_restore 76
	.cfi_restore 77
	.cfi_restore 78
	.cfi_restore 79
	ret
	.cfi_endproc
	.size switch_to, .-switch_to

/* The first thing on a new stack: x19 is entry, x0 the first value. Unwinding ends here: there is no return address. */
	.globl switch_start
	.hidden switch_start
	.type switch_start, %function
	.p2align 4
switch_start:
	.cfi_startproc
	.cfi_undefined x30
	LANDING
	mov x29, xzr
	mov x30, xzr
	blr x19
	brk #1
	.cfi_endproc
	.size switch_start, .-switch_start

/* void *switch_make(char *low, char *top, void (*entry)(void *value)) */
	.globl switch_make
	.hidden switch_make
	.type switch_make, %function
	.p2align 4
switch_make:
	.cfi_startproc
	LANDING
	and x0, x1, #-16
	sub x0, x0, #160
	str x2, [x0, #16]	/* x19 */
	adr x9, switch_start
	str x9, [x0, #8]	/* x30 */
	ret
	.cfi_endproc
	.size switch_make, .-switch_make

	.section .note.GNU-stack, "", %progbits

#if defined __ARM_FEATURE_BTI_DEFAULT
/* GNU_PROPERTY_AARCH64_FEATURE_1_AND, BTI: without it, the linker would take the check from the whole program */
	.section .note.gnu.property, "a", %note
	.p2align 3
	.word 4, 16, 5
	.asciz "GNU"
	.word 0xc0000000, 4, 1, 0
#endif
