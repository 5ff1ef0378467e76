import type { ActionName } from './actions.js'

/**
 * What user space does to get into a kernel function, by file and function as models name them. Functions of proposed series
 * are in it where their cover letters or patches say what reaches them; one that is missing is traced and not driven.
 */
export const reachable: Readonly<Record<string, ActionName>> = {
  // A page fault of a mapping of the file; the name has changed with the series.
  'virt/kvm/guest_memfd.c:kvm_gmem_fault': 'fault',
  'virt/kvm/guest_memfd.c:kvm_gmem_fault_shared': 'fault',
  'virt/kvm/guest_memfd.c:kvm_gmem_fault_user_mapping': 'fault',
  'mm/memory.c:finish_fault': 'fault',
  // fallocate(FALLOC_FL_PUNCH_HOLE)
  'virt/kvm/guest_memfd.c:kvm_gmem_punch_hole': 'punch_hole',
  'mm/truncate.c:truncate_inode_pages_range': 'punch_hole',
  'mm/truncate.c:truncate_inode_folio': 'punch_hole',
  'mm/filemap.c:filemap_remove_folio': 'punch_hole',
  // fallocate(0): the folio is allocated and added
  'virt/kvm/guest_memfd.c:kvm_gmem_get_folio': 'allocate',
  'mm/filemap.c:filemap_add_folio': 'allocate',
  'mm/filemap.c:__filemap_add_folio': 'allocate',
  // Conversion, by an ioctl of the file in one series and of the VM in another.
  'virt/kvm/guest_memfd.c:kvm_gmem_convert_range': 'convert',
  'virt/kvm/guest_memfd.c:kvm_gmem_should_set_attributes': 'set_attributes',
  // The last reference to the file.
  'virt/kvm/guest_memfd.c:kvm_gmem_release': 'close_file',
  'mm/mmap.c:__vm_munmap': 'unmap',
  'mm/memory.c:zap_present_ptes': 'unmap',
  // References of get_user_pages: vmsplice takes them, and keeps them while the pipe does.
  'mm/gup.c:gup_fast_pte_range': 'pin',
  'mm/gup.c:try_get_folio': 'pin',
  'mm/gup.c:get_user_pages_unlocked': 'pin',
  'virt/kvm/guest_memfd.c:kvm_gmem_set_policy': 'set_policy',
  'mm/mempolicy.c:do_mbind': 'set_policy',
  'virt/kvm/guest_memfd.c:kvm_gmem_error_folio': 'poison',
  'mm/memory-failure.c:memory_failure': 'poison',
}
