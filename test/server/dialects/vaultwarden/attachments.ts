import type { AttachmentDialect } from '../dialect';
import { handled } from './refusals';

const MIB = 1024 * 1024;

/** vaultwarden: src/util.rs get_display_size */
function readable(bytes: number): string {
  const units = ['bytes', 'KB', 'MB', 'GB'];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log(bytes) / Math.log(1024)));
  return `${(bytes / 1024 ** power).toFixed(2)} ${units[power] ?? ''}`;
}

export const attachments: AttachmentDialect = {
  upload: (cipherId, id) => ({ url: `/ciphers/${cipherId}/attachment/${id}`, fileUploadType: 0 }),
  answer: (cipherId, { id, fileName, key, size }, { urls, ticket }) => ({
    id,
    url: `${urls.base}/attachments/${cipherId}/${id}?token=${ticket(cipherId, id)}`,
    fileName,
    key,
    size: String(size),
    sizeName: readable(size),
    object: 'attachment',
  }),
  checkAttach: (_account, request, stored) => {
    if (stored.organizationId !== null && !stored.edit) return handled('Cipher is not write accessible');
    return Number(request.fileSize) < 0 || Number(request.fileSize) > 500 * MIB
      ? handled("Attachment size can't be negative")
      : undefined;
  },
  checkDetach: (_account, { organizationId, edit }) =>
    organizationId === null || edit ? undefined : handled('Cipher cannot be deleted by user'),
  attachingTouchesRevision: false,
};
