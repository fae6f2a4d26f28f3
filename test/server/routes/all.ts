import type { RouteFactory } from '../router';
import { accountRoutes } from './accounts';
import { attachmentRoutes } from './attachments';
import { bulkCipherRoutes } from './bulkCiphers';
import { cipherRoutes } from './ciphers';
import { folderRoutes } from './folders';
import { identityRoutes } from './identity';
import { serviceRoutes } from './service';
import { syncRoutes } from './sync';

/** All routes of the server. A factory that is missing here has no effect. */
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
