/** What a thread of a test can do to the file, in C. */
export interface Action {
  /** For people: the call that it is. */
  readonly call: string
  /** Definitions that older headers do not have; empty: none. */
  readonly definitions: string
  /** The body of a function that returns 0 or a negative errno. */
  readonly body: string
}

const CONVERT = `#ifndef KVM_GMEM_CONVERT_PRIVATE
/* of the 1G page series: not in a released kernel, the number may have changed */
struct kvm_gmem_convert {
	__u64 offset;
	__u64 size;
	__u64 error_offset;
	__u64 reserved[5];
};
#define KVM_GMEM_CONVERT_PRIVATE _IOWR(0xAF, 0x42, struct kvm_gmem_convert)
#endif`

const ATTRIBUTES = `#ifndef KVM_SET_MEMORY_ATTRIBUTES
struct kvm_memory_attributes {
	__u64 address;
	__u64 size;
	__u64 attributes;
	__u64 flags;
};
#define KVM_SET_MEMORY_ATTRIBUTES _IOW(KVMIO, 0xd2, struct kvm_memory_attributes)
#define KVM_MEMORY_ATTRIBUTE_PRIVATE (1ULL << 3)
#endif`

export const actions = {
  fault: {
    call: 'touch the mapping',
    definitions: '',
    body: `	if (sigsetjmp(bus, 1))
		return -EFAULT;
	(void)*(volatile char *)mapping;
	return 0;`,
  },
  punch_hole: {
    call: 'fallocate(FALLOC_FL_PUNCH_HOLE)',
    definitions: '',
    body: `	return result(fallocate(gmem, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, page_size));`,
  },
  allocate: {
    call: 'fallocate(FALLOC_FL_KEEP_SIZE)',
    definitions: '',
    body: `	return result(fallocate(gmem, FALLOC_FL_KEEP_SIZE, 0, page_size));`,
  },
  convert: {
    call: 'ioctl(KVM_GMEM_CONVERT_PRIVATE) on the file',
    definitions: CONVERT,
    body: `	struct kvm_gmem_convert range = { .offset = 0, .size = page_size };

	return result(ioctl(gmem, KVM_GMEM_CONVERT_PRIVATE, &range));`,
  },
  set_attributes: {
    call: 'ioctl(KVM_SET_MEMORY_ATTRIBUTES) on the VM; bind the file to a slot at 0 first',
    definitions: ATTRIBUTES,
    body: `	struct kvm_memory_attributes range = {
		.address = 0,
		.size = page_size,
		.attributes = KVM_MEMORY_ATTRIBUTE_PRIVATE,
	};

	return result(ioctl(vm, KVM_SET_MEMORY_ATTRIBUTES, &range));`,
  },
  pin: {
    call: 'vmsplice() of the mapping into a pipe',
    definitions: '',
    body: `	struct iovec range = { .iov_base = mapping, .iov_len = page_size };

	return result(vmsplice(pipes[1], &range, 1, SPLICE_F_NONBLOCK));`,
  },
  unmap: {
    call: 'munmap()',
    definitions: '',
    body: `	is_unmapped = 1;
	return result(munmap(mapping, page_size));`,
  },
  close_file: {
    call: 'munmap(), which holds a reference of its own, and close() of the file',
    definitions: '',
    body: `	long error;

	is_unmapped = 1;
	munmap(mapping, page_size);
	error = result(close(gmem));
	gmem = -1;
	return error;`,
  },
  set_policy: {
    call: 'mbind() of the mapping',
    definitions: `#ifndef MPOL_PREFERRED
#define MPOL_PREFERRED 1
#endif`,
    body: `	unsigned long nodes = 1;

	return result(syscall(SYS_mbind, mapping, page_size, MPOL_PREFERRED, &nodes, 8, 0));`,
  },
  poison: {
    call: 'madvise(MADV_HWPOISON): the page is lost until the machine boots again',
    definitions: '',
    body: `	return result(madvise(mapping, page_size, MADV_HWPOISON));`,
  },
} as const satisfies Readonly<Record<string, Action>>

export type ActionName = keyof typeof actions
