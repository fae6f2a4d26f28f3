import type { RouteFactory } from '../router';
import { accountRoutes } from './accounts';
import { attachmentRoutes } from './attachments';
import { bulkCipherRoutes } from './bulkCiphers';
import { cipherRoutes } from './ciphers';
import { folderRoutes } from './folders';
import { identityRoutes } from './identity';
import { serviceRoutes } from './service';
import { syncRoutes } from './sync';

/** Everything that the server knows; a route that is not here is not there. */
export const allRoutes: readonly RouteFactory[] = [
  serviceRoutes,
  identityRoutes,
  accountRoutes,
  syncRoutes,
  folderRoutes,
  cipherRoutes,
  bulkCipherRoutes,
  attachmentRoutes,
];
