from multiprocessing.pool import ThreadPool


def totals(rows, add):
  pool = ThreadPool(4)
  first = pool.starmap(add, rows)
  
  return first + pool.map(sum, rows)
