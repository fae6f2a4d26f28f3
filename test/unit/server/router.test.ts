import { equal, throws } from 'node:assert/strict';
import { ok } from '../../server/http';
import { Router } from '../../server/router';

describe('embedded server: routes', () => {
  const answer = () => ok();

  it('prefer what stands there to what may stand there, in whatever order they were added', () => {
    const router = new Router();
    const [any, named] = [() => ok('any'), () => ok('named')];
    router.add({ 'PUT /api/ciphers/:id': any, 'PUT /api/ciphers/share': named });
    equal(router.find('PUT', '/api/ciphers/share')?.handler, named);
    equal(router.find('PUT', '/api/ciphers/1')?.params.id, '1');
    equal(router.find('PUT', '/api/ciphers/1/2'), undefined);
  });

  it('may be known by several methods', () => {
    const router = new Router();
    router.add({ 'PUT|POST /api/ciphers/:id': answer });
    for (const method of ['PUT', 'POST']) equal(router.find(method, '/api/ciphers/1')?.handler, answer);
    equal(router.find('GET', '/api/ciphers/1'), undefined);
  });

  it('are not there twice', () => {
    const router = new Router();
    router.add({ 'PUT|POST /api/ciphers/:id': answer });
    throws(() => router.add({ 'POST /api/ciphers/:cipherId': answer }), /two routes for POST/);
  });
});
