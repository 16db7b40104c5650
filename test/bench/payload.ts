// The bench's events: about 500 bytes, 1,000 keys, no two with the same cache key, so that each message costs two Redis calls.

export function payload(n: number): { key: string; value: Buffer } {
  const event = {
    event_id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
    event_type: 'prediction_request',
    timestamp: '2026-01-01T00:00:00.000Z',
    model_id: 'sales_model_v1',
    features: { user_id: n, product_id: n % 97 },
    padding: 'x'.repeat(270),
  }
  return { key: `key-${n % 1000}`, value: Buffer.from(JSON.stringify(event)) }
}
